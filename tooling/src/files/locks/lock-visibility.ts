import fs from 'node:fs'

/**
 * File systems on which a lock of another machine (or of a server process) is not in this kernel's /proc/locks:
 * nothing found there proves nothing. Magic numbers of linux/magic.h and of the file systems' own sources.
 */
const LOCKS_ELSEWHERE = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x47504653, 'GPFS'],
])

/** fdinfo's inode number is the one /proc/locks shows; overlayfs may give stat(2) another. */
const OVERLAYFS = 0x794c7630

/** PROC_PID_INIT_INO of linux/proc_ns.h: the pid namespace in which every process of the machine is seen. */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]'

/** How a device's locks appear in /proc/locks. */
export interface LockVisibility {
  /** `major:minor` as /proc/locks prints it, the super block's; undefined where it could not be found out. */
  readonly device: string | undefined
  /** Whether /proc/locks has stat(2)'s inode numbers. */
  readonly inodeFromFdinfo: boolean
  /** Why a lock might be there and not be seen; undefined where all are seen. */
  readonly blind: string | undefined
}

const hex = (value: number): string => value.toString(16).padStart(2, '0')

/** glibc's gnu_dev_major and gnu_dev_minor, in the form of lock_get_status() in fs/locks.c. */
const deviceOfStat = (device: bigint): string => {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return `${hex(Number(major))}:${hex(Number(minor))}`
}

const fdinfo = (fd: number): string => fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')

/** The inode number the kernel uses inside (fdinfo has had it since Linux 5.14). */
export const inodeOfFdinfo = (fd: number): bigint | undefined => {
  try {
    const found = /^ino:\s*(\d+)$/m.exec(fdinfo(fd))
    return found?.[1] === undefined ? undefined : BigInt(found[1])
  } catch {
    return undefined
  }
}

/**
 * On btrfs and overlayfs stat(2) gives an anonymous device of its own, while /proc/locks prints the super
 * block's, which is the one that mountinfo has for the mount a descriptor was opened through.
 */
const deviceOfMount = (fd: number): string | undefined => {
  try {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(fdinfo(fd))?.[1]
    const line = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, 'm').exec(
      fs.readFileSync('/proc/self/mountinfo', 'latin1'),
    )
    return line ? `${hex(Number(line[1]))}:${hex(Number(line[2]))}` : undefined
  } catch {
    return undefined
  }
}

/** Opened, not read: the first read of the table waits for an RCU grace period (see LockTable). */
const readable = (): boolean => {
  try {
    fs.closeSync(fs.openSync('/proc/locks', 'r'))
    return true
  } catch {
    return false
  }
}

const processesUnseen = (): string | undefined => {
  if (!readable()) return 'there is no readable /proc/locks'
  try {
    if (fs.readlinkSync('/proc/self/ns/pid') !== INITIAL_PID_NAMESPACE)
      return 'processes outside this container are not seen'
  } catch {
    return 'the pid namespace is not known'
  }
  return undefined
}

let unseen: { readonly why: string | undefined } | undefined

/** What /proc/locks can tell about the file open as `fd`. One call a device: it reads several files. */
export const lockVisibility = (fd: number, path: string, device: bigint): LockVisibility => {
  unseen ??= { why: processesUnseen() }
  let type: number | undefined
  try {
    type = Number(
      BigInt.asUintN(
        32,
        fs.statfsSync(process.platform === 'linux' ? `/proc/self/fd/${fd}` : path, { bigint: true }).type,
      ),
    )
  } catch {
    type = undefined
  }
  const elsewhere = type === undefined ? undefined : LOCKS_ELSEWHERE.get(type)
  return {
    device: deviceOfMount(fd) ?? deviceOfStat(device),
    inodeFromFdinfo: type === OVERLAYFS,
    blind: unseen.why ?? (elsewhere ? `other clients' locks are not seen on ${elsewhere}` : undefined),
  }
}
