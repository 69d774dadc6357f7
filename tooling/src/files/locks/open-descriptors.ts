import fs from 'node:fs'
import { inodeOfFdinfo } from './lock-visibility.ts'

/** A descriptor by which another process has a file open. */
export interface OpenDescriptor {
  readonly pid: number
  /** Name of its program as the kernel has it: at most 15 bytes, and text of a stranger. */
  readonly program: string
  readonly access: 'read' | 'write'
  /** It holds POSIX or OFD locks on the file; of an OFD lock nothing else tells who holds it. */
  readonly locks: boolean
}

/** A process of another user: who isn't root sees its name, not its open files. */
export interface UnseenProcess {
  readonly pid: number
  /** As of `OpenDescriptor`. Not its command line: reading that waits for a process that hangs in a page fault. */
  readonly program: string
}

export interface DescriptorScan {
  readonly found: readonly OpenDescriptor[]
  readonly unseen: readonly UnseenProcess[]
  /** Why a descriptor might be there and not be seen; undefined where all of this pid namespace are. */
  readonly blind: string | undefined
}

const O_ACCMODE = 3
/** PF_KTHREAD of linux/sched.h: kernel threads have no descriptors. */
const KERNEL_THREAD = 0x00200000

interface Wanted {
  /** Inode as fdinfo prints it (since Linux 5.14). */
  readonly inode: string
  readonly stats: fs.BigIntStats
}

/**
 * Which other processes have the file of `fd` open, by whatever name. Looks through /proc, without touching the file
 * systems of other files: a dead NFS server must not hang it.
 */
export function findOpenDescriptors(fd: number): DescriptorScan {
  const stats = fs.fstatSync(fd, { bigint: true })
  const wanted: Wanted = { inode: `${inodeOfFdinfo(fd) ?? stats.ino}`, stats }
  const found: OpenDescriptor[] = []
  const unseen: UnseenProcess[] = []
  let pids: number[]
  try {
    pids = fs
      .readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0)
  } catch {
    return { found, unseen, blind: 'there is no readable /proc' }
  }
  for (const pid of pids) {
    if (pid === process.pid) continue
    const descriptors = descriptorsOf(pid)
    if (descriptors === 'unreadable') unseen.push({ pid, program: programOf(pid) })
    else for (const descriptor of descriptors) look(pid, descriptor, wanted, found)
  }
  if (!pids.includes(1)) return { found, unseen, blind: "other users' processes are hidden" }
  const blind =
    unseen.length > 0 ? `the open files of ${unseen.length} processes of other users are not seen` : undefined
  return { found, unseen, blind }
}

function descriptorsOf(pid: number): readonly string[] | 'unreadable' {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`)
  } catch {
    // Gone meanwhile, or somebody else's.
    return hasDescriptors(pid) ? 'unreadable' : []
  }
}

function hasDescriptors(pid: number): boolean {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Field 2, the command's name, may hold blanks and parentheses: count from its end.
    const [state, , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state !== 'Z' && (Number(flags) & KERNEL_THREAD) === 0
  } catch {
    return false
  }
}

function look(pid: number, descriptor: string, { inode, stats }: Wanted, found: OpenDescriptor[]): void {
  try {
    // Sockets and pipes, most of what there is, have names like socket:[4711].
    if (!fs.readlinkSync(`/proc/${pid}/fd/${descriptor}`).startsWith('/')) return
    const info = fs.readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'latin1')
    const its = /^ino:\s*(\d+)$/m.exec(info)?.[1]
    if (its !== undefined && its !== inode && !stats.isBlockDevice()) return
    if (stats.isBlockDevice() && !fs.readlinkSync(`/proc/${pid}/fd/${descriptor}`).startsWith('/dev/')) return
    const there = fs.statSync(`/proc/${pid}/fd/${descriptor}`, { bigint: true })
    if (!isSame(there, stats)) return
    const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? '2', 8)
    found.push({
      pid,
      program: programOf(pid),
      access: (flags & O_ACCMODE) === fs.constants.O_RDONLY ? 'read' : 'write',
      locks: /^lock:.*(?:POSIX|OFDLCK)/m.test(info),
    })
  } catch {
    // The process or its descriptor is gone meanwhile.
  }
}

function isSame(there: fs.BigIntStats, here: fs.BigIntStats): boolean {
  // Device nodes of several names (LVM makes some) share the device number, not the inode.
  if (here.isBlockDevice()) return there.isBlockDevice() && there.rdev === here.rdev
  return there.ino === here.ino && there.dev === here.dev
}

function programOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd()
  } catch {
    return ''
  }
}
