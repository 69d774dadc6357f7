import { fstatSync } from 'node:fs'
import {
  type DescriptorScan,
  findOpenDescriptors,
  lockTable,
  type OpenDescriptor,
} from '@nightshift/tooling/files'
import { deviceUse } from './device-use.ts'
import { loopUse } from './loop-use.ts'

/**
 * Whether anybody else may be using an image. `unknown`: nobody is seen, but somebody could be there unseen (another
 * client of an NFS server, another container).
 */
export type ImageUse =
  | { readonly state: 'free' }
  | { readonly state: 'in-use'; readonly users: readonly ImageUser[]; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string }

/** A process that uses an image. */
export interface ImageUser {
  readonly pid: number
  /** Name of its program, text of a stranger. */
  readonly program: string
  readonly how: 'locked' | 'open-for-writing'
}

/**
 * One look at who else uses the file open as `fd`: POSIX and OFD locks (QEMU takes such ones, also to read), descriptors
 * open for writing, a loop device over it, and for a block device what mounts or maps it. Takes 5 to 20 ms.
 *
 * @param options.own true: this process holds a lock on all of the file, so nobody else does
 */
export function lookAtUse(fd: number, path: string, options: { readonly own?: boolean } = {}): ImageUse {
  const table = lockTable()
  const locks = table.state(table.target(fd, path))
  const scan = findOpenDescriptors(fd)
  const locked = locks.state === 'held' && !options.own
  const users = scan.found.flatMap((descriptor) => userOf(descriptor, locked))
  const device = fstatSync(fd).isBlockDevice() ? deviceUse(fd) : loopUse(fd)
  if (users.length > 0 || locked || device !== undefined) {
    const anonymous = users.length === 0 ? (device ?? lockedBy(locks)) : undefined
    return { state: 'in-use', users, why: anonymous ?? users.map(describe).join(', ') }
  }
  const why = locks.state === 'unknown' ? locks.why : unseenBy(scan)
  return why === undefined ? { state: 'free' } : { state: 'unknown', why }
}

/** QEMU by its usual names, also as a distribution or an older machine has it. */
const QEMU = /^(?:qemu|kvm)/
const MOST_NAMED = 3

/**
 * Who isn't root sees every lock, and so every QEMU since 2.10 that doesn't run without locks; the descriptors of others
 * he does not see. That one of them has the image open can't be ruled out by its mode either: it may have been opened by
 * root, and handed on.
 */
function unseenBy({ blind, unseen }: DescriptorScan): string | undefined {
  if (blind === undefined || unseen.length === 0) return blind
  const qemu = unseen.filter(({ program }) => QEMU.test(program))
  const named = qemu.slice(0, MOST_NAMED).map(({ pid, program }) => `${program} (pid ${pid})`)
  const more = qemu.length > named.length ? ' and more' : ''
  const which =
    named.length > 0 ? `among them ${named.join(', ')}${more}` : 'none of them is called qemu or kvm'
  return `no lock is on it, but ${blind}; ${which}`
}

function userOf({ pid, program, access, locks }: OpenDescriptor, locked: boolean): ImageUser[] {
  if (locks && locked) return [{ pid, program, how: 'locked' }]
  return access === 'write' ? [{ pid, program, how: 'open-for-writing' }] : []
}

/** The holder of a lock that no descriptor was found of: a POSIX lock names its process, an OFD lock doesn't. */
function lockedBy(state: ReturnType<ReturnType<typeof lockTable>['state']>): string {
  const pids = state.state === 'held' ? state.locks.map(({ pid }) => pid).filter((pid) => pid > 0) : []
  const [pid] = pids
  return pid === undefined ? 'locked by a process that is not seen here' : `locked by process ${pid}`
}

const WORDS = { locked: 'locked by', 'open-for-writing': 'open for writing by' } as const

function describe({ pid, program, how }: ImageUser): string {
  return `${WORDS[how]} ${program || 'a process'} (pid ${pid})`
}
