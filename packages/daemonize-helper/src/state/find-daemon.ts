import { type Identity, type Liveness, liveness, readProcStat } from '../identity/index.ts'
import type { Begun, NameFiles } from './name-files.ts'
import type { Beginning, DaemonRecord } from './record.ts'

/** A daemon as the state folder has it, and whether it lives. */
export interface FoundDaemon {
  readonly beginning: Beginning
  readonly identity: Identity
  readonly pgid: number
  readonly sid: number
  readonly liveness: Liveness
  /** Undefined: its start was never finished (the launcher is still at it, or was killed). */
  readonly record: DaemonRecord | undefined
  /** Of a start that was not finished: whether the launcher lives. */
  readonly underWay: boolean
}

/**
 * The daemon of a name. A start that was begun is newer than the record, which is written at a start's end and ends it; but
 * no start goes over a record whose daemon lives.
 */
export function findDaemon(files: NameFiles): FoundDaemon | undefined {
  const record = files.readRecord()
  const recorded = record && foundByRecord(record, liveness(record.identity))
  if (recorded?.liveness === 'alive') return recorded
  return daemonOf(files.readBegun()) ?? recorded
}

/**
 * The line is the leader's, which with --user is a process of that user's: a living process is only taken for the daemon if
 * it is of the session whose leader the launcher started.
 */
function daemonOf(begun: Begun | undefined): FoundDaemon | undefined {
  if (begun?.stat === undefined) return undefined
  const { start, stat } = begun
  const { leader, launcher, ...beginning } = start
  const identity = { ...launcher, pid: stat.pid, startTime: stat.startTime }
  const state = liveness(identity)
  if (state === 'alive' && readProcStat(stat.pid)?.sid !== leader) return undefined
  const underWay = liveness(launcher) === 'alive'
  return { beginning, identity, pgid: leader, sid: leader, liveness: state, record: undefined, underWay }
}

export function foundByRecord(record: DaemonRecord, state: Liveness): FoundDaemon {
  const { identity, pgid, sid } = record
  return { beginning: record, identity, pgid, sid, liveness: state, record, underWay: false }
}
