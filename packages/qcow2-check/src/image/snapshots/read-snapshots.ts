import { LIMITS, SNAPSHOT_ENTRY_HEADER, snapshotEntryLengths } from '../../format/index.ts'
import { RESTORE_SNAPSHOTS } from '../findings-list.ts'
import { FIELD } from '../header-rules.ts'
import type { Snapshot, SnapshotTable } from '../image.ts'
import type { OpenContext } from '../open-context.ts'
import { TableWindow } from '../table-window.ts'
import { believeSnapshot } from './believe-snapshot.ts'
import { addDuplicates } from './duplicates.ts'
import { type EntryFault, faultOfHead } from './entry-shape.ts'
import { NO_TABLE } from './no-snapshots.ts'

/**
 * Reads as many entries as lead from one to the next. An empty or torn one ends the table: it is never listed. The header
 * says that there are some.
 */
export async function readSnapshots(context: OpenContext, virtualSize: number): Promise<SnapshotTable> {
  const { source, header, geometry, fileSize, findings } = context
  const { snapshotCount: count, snapshotsOffset: target } = header
  const repair = RESTORE_SNAPSHOTS
  const aligned = target % BigInt(geometry.clusterSize) === 0n
  if (!aligned || target === 0n || target >= BigInt(fileSize)) {
    findings.add('snapshots-offset', FIELD.snapshots, { target, count }, { repair })
    return { ...NO_TABLE, complete: false }
  }
  const window = new TableWindow(source)
  const offset = Number(target)
  // A sparse file of a few MiB can claim 65536 entries of 64 MiB each.
  const end = Math.min(fileSize, offset + LIMITS.snapshotTable)
  const entries: Snapshot[] = []
  let at = offset
  for (let index = 0; index < Math.min(count, LIMITS.snapshots); index++) {
    const head = await window.bytes(at, SNAPSHOT_ENTRY_HEADER)
    const padded = new Uint8Array(SNAPSHOT_ENTRY_HEADER)
    padded.set(head)
    const lengths = snapshotEntryLengths(padded)
    const wrong = faultOfHead(head, lengths, end - at)
    const bytes = wrong ? head : await window.bytes(at, lengths.used)
    const fault = wrong ?? (bytes.length < lengths.used ? 'cut' : undefined)
    if (fault !== undefined) {
      if (window.error !== undefined)
        findings.add('read-error', { offset: at, length: lengths.total }, { why: window.error })
      else addFault(context, fault, index, at)
      break
    }
    const place = { index, offset: at, length: lengths.total }
    const snapshot = believeSnapshot(context, bytes, place, virtualSize)
    if (snapshot === undefined) {
      addFault(context, 'rubbish', index, at)
      break
    }
    entries.push(snapshot)
    at += lengths.total
  }
  if (entries.length < count - 1)
    findings.add('snapshots-count', FIELD.snapshots, { count, sound: entries.length }, { repair })
  addDuplicates(entries, findings)
  const complete = entries.length === count && entries.every(({ sound }) => sound)
  return { offset, length: at - offset, entries, complete }
}

const WHY: Readonly<Record<Exclude<EntryFault, 'zeros'>, string>> = {
  cut: 'the file ends within it',
  rubbish: 'neither its text nor its L1 table can be: something else lies here',
  lengths:
    'its lengths lead beyond the end of the file or of any table: it is torn, or something else lies here',
}

function addFault({ findings }: OpenContext, fault: EntryFault, index: number, offset: number): void {
  const range = { offset, length: SNAPSHOT_ENTRY_HEADER }
  const more = { repair: RESTORE_SNAPSHOTS }
  if (fault === 'zeros') findings.add('snapshot-phantom', range, { index }, more)
  else findings.add('snapshot-entry', range, { index, why: WHY[fault] }, more)
}
