import { type Identity, type Liveness, liveness } from '../identity/index.ts'
import type { NameFiles } from './name-files.ts'
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
}

/**
 * The daemon of a name. A start that was begun comes before the record: it is the newer one, as a record is written at a
 * start's end and ends it. But for a record whose daemon lives, which no start goes over.
 */
export function findDaemon(files: NameFiles): FoundDaemon | undefined {
  const record = files.readRecord()
  const recorded = record && { beginning: record, ...record, record, liveness: liveness(record.identity) }
  if (recorded?.liveness === 'alive') return recorded
  const begun = files.readBegun()
  if (begun?.identity === undefined || begun.pgid === undefined || begun.sid === undefined) return recorded
  const { identity, pgid, sid, ...beginning } = begun
  return { beginning, identity, pgid, sid, liveness: liveness(identity), record: undefined }
}
