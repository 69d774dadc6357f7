import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  type Geometry,
  type Header,
  LIMITS,
  SNAPSHOT_ENTRY_HEADER,
  SNAPSHOT_EXTRA_V3,
  snapshotEntryLengths,
} from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { believeL1 } from './believe.ts'
import { DROP_SNAPSHOT, type FindingsList, RESTORE_SNAPSHOTS } from './findings-list.ts'
import type { Snapshot, SnapshotTable } from './image.ts'
import { readRange } from './read-range.ts'

const NONE: SnapshotTable = { offset: 0, length: 0, entries: [], complete: true }

export interface SnapshotTableContext {
  readonly source: BlockSource
  readonly header: Header
  readonly geometry: Geometry
  readonly fileSize: number
  readonly virtualSize: number
  readonly findings: FindingsList
}

/** Reads as many entries as can be told from rubbish; what can't ends the table. */
export async function readSnapshotTable(context: SnapshotTableContext): Promise<SnapshotTable> {
  const { source, header, geometry, fileSize, findings } = context
  const { snapshotCount: count, snapshotsOffset } = header
  if (count === 0) return NONE
  const pointer = { offset: 60, length: 12 }
  if (snapshotsOffset % BigInt(geometry.clusterSize) !== 0n || snapshotsOffset >= BigInt(fileSize)) {
    findings.add(
      'snapshots-offset',
      pointer,
      { offset: snapshotsOffset, fileSize },
      { repair: RESTORE_SNAPSHOTS },
    )
    return { ...NONE, complete: false }
  }
  if (count > LIMITS.snapshots)
    findings.add('snapshots-count', pointer, { count, most: LIMITS.snapshots }, { repair: RESTORE_SNAPSHOTS })
  const offset = Number(snapshotsOffset)
  const entries: Snapshot[] = []
  let at = offset
  for (let index = 0; index < Math.min(count, LIMITS.snapshots); index++) {
    const head = await readRange(source, at, SNAPSHOT_ENTRY_HEADER)
    if (head.error !== undefined) {
      findings.add('read-error', { offset: at, length: SNAPSHOT_ENTRY_HEADER }, { reason: head.error })
      break
    }
    const problem = head.bytes.length < SNAPSHOT_ENTRY_HEADER ? 'end-of-file' : implausible(head.bytes)
    if (problem !== undefined) {
      const code = problem === 'zeros' ? 'snapshot-phantom' : 'snapshot-entry'
      const range = { offset: at, length: SNAPSHOT_ENTRY_HEADER }
      findings.add(code, range, { index, count, problem }, { repair: RESTORE_SNAPSHOTS })
      break
    }
    const lengths = snapshotEntryLengths(head.bytes)
    const { bytes } = await readRange(source, at, lengths.total)
    const snapshot = believeSnapshot(bytes, { index, at, length: lengths.total, used: lengths.used }, context)
    entries.push(snapshot)
    at += lengths.total
  }
  const complete = entries.length === count && entries.every(({ sound }) => sound)
  return { offset, length: at - offset, entries, complete }
}

function implausible(head: Uint8Array): string | undefined {
  if (head.every((byte) => byte === 0)) return 'zeros'
  const lengths = snapshotEntryLengths(head)
  if (lengths.extraData > LIMITS.snapshotTable) return 'extra-data'
  return undefined
}

function believeSnapshot(
  bytes: Uint8Array,
  place: { readonly index: number; readonly at: number; readonly length: number; readonly used: number },
  { header, geometry, fileSize, virtualSize, findings }: SnapshotTableContext,
): Snapshot {
  const entry = decodeSnapshotEntry(bytes)
  const extra = decodeSnapshotExtra(entry.extraData)
  const id = textOf(entry.id)
  const range = { offset: place.at, length: place.length }
  const l1 = believeL1({ offset: entry.l1TableOffset, entries: entry.l1Size }, geometry, fileSize)
  let sound = bytes.length >= place.used
  const fault = (code: 'snapshot-extra-data' | 'snapshot-l1-offset' | 'snapshot-l1-size', fields = {}) => {
    findings.add(code, range, { index: place.index, ...fields }, { repair: DROP_SNAPSHOT, snapshot: id })
    sound = false
  }
  const short = header.version > 2 && entry.extraData.length < SNAPSHOT_EXTRA_V3
  if (short || entry.extraData.length > LIMITS.snapshotExtraData)
    fault('snapshot-extra-data', { length: entry.extraData.length })
  if (l1.offset === 0) fault('snapshot-l1-offset', { offset: entry.l1TableOffset })
  else if (l1.entries < l1.claimedEntries) fault('snapshot-l1-size', { entries: entry.l1Size })
  return {
    index: place.index,
    id,
    name: textOf(entry.name),
    l1,
    diskSize: Number(extra.diskSize ?? BigInt(virtualSize)),
    vmStateSize: Number(extra.vmStateSize ?? BigInt(entry.vmStateSize32)),
    date: entry.dateSeconds,
    dateNanoseconds: entry.dateNanoseconds,
    vmClock: entry.vmClock,
    entryOffset: place.at,
    entryLength: place.length,
    sound,
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
