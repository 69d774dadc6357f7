import fs from 'node:fs'
import { fnv1a } from './fnv1a.ts'

/** Which process made a temporary file, as its name says. */
export interface ProcessIdentity {
  readonly pid: number
  /** Start in clock ticks since boot, base 36 (/proc/PID/stat field 22): tells a reused pid apart. */
  readonly start: string
  /** Six characters for this host and pid namespace: in another one the pid says nothing. */
  readonly place: string
}

/** Where processes can't be looked up (no /proc), nothing is known of the start. */
const NO_START = '0'

let own: ProcessIdentity | undefined

export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, start: startOf(process.pid) ?? NO_START, place: placeName() }
  return own
}

/** Does the process that this identity names still run? undefined: it is of another host or container. */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  const mine = ownIdentity()
  if (identity.place !== mine.place) return undefined
  if (identity.pid === mine.pid) return identity.start === mine.start
  const start = startOf(identity.pid)
  if (start !== undefined) return start === identity.start
  if (mine.start !== NO_START) return false
  try {
    process.kill(identity.pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Field 2, the command's name, may hold blanks and parentheses: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return BigInt(fields[19] ?? '').toString(36)
  } catch {
    return undefined
  }
}

/**
 * The host (machine-id; the kernel's name where there is none) and the pid namespace: both stay the same over a reboot
 * of the host, so that what a power cut left is recognised, and differ between containers that share a volume.
 */
function placeName(): string {
  const parts = [readOr('/etc/machine-id') ?? readOr('/proc/sys/kernel/hostname') ?? '']
  try {
    parts.push(fs.readlinkSync('/proc/self/ns/pid'))
  } catch {
    // No /proc: the host alone.
  }
  return (fnv1a(Buffer.from(parts.join('\0'))) % 36 ** 6).toString(36).padStart(6, '0')
}

function readOr(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
