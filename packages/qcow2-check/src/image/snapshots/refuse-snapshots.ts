import { LIMITS, SNAPSHOT_ENTRY_HEADER, snapshotEntryLengths } from '../../format/index.ts'
import type { OpenContext } from '../open-context.ts'
import { beyondReach, tableRefusal } from '../table-rules.ts'
import type { TableWindow } from '../table-window.ts'

/** What QEMU says before it reads the table. */
export function refuseSnapshotPlace({ header, geometry, blockers }: OpenContext): void {
  const { snapshotCount: entries, snapshotsOffset: offset } = header
  const most = LIMITS.snapshots * SNAPSHOT_ENTRY_HEADER
  const claimed = { offset, entries, entrySize: SNAPSHOT_ENTRY_HEADER, most }
  const refusal = tableRefusal(claimed, geometry.clusterSize, 'Snapshot table')
  if (refusal === undefined) return
  blockers.add(entries > LIMITS.snapshots ? 'snapshots-count' : 'snapshots-offset', refusal)
}

/**
 * What QEMU says while it reads the table: it takes empty entries, beyond the end of the file it reads zeros, and what
 * an entry points to it doesn't look at.
 */
export async function refuseSnapshotEntries(context: OpenContext, window: TableWindow): Promise<void> {
  const { header, fileSize, blockers } = context
  const count = Math.min(header.snapshotCount, LIMITS.snapshots)
  if (beyondReach(header.snapshotsOffset, count * SNAPSHOT_ENTRY_HEADER)) {
    blockers.add('snapshots-offset', 'Failed to read snapshot table: Input/output error')
    return
  }
  const start = Number(header.snapshotsOffset)
  let at = start
  let index = 0
  for (; index < count && at < fileSize; index++) {
    const head = new Uint8Array(SNAPSHOT_ENTRY_HEADER)
    head.set(await window.bytes(at, SNAPSHOT_ENTRY_HEADER))
    const { extraData, used, total } = snapshotEntryLengths(head)
    if (extraData > LIMITS.snapshotExtraData) {
      blockers.add('snapshot-extra-data', `Too much extra metadata in snapshot table entry ${index}`)
      return
    }
    if (at + used - start > LIMITS.snapshotTable) {
      blockers.add('snapshots-count', 'Snapshot table is too big')
      return
    }
    at += total
  }
  if (at + (count - index) * SNAPSHOT_ENTRY_HEADER - start > LIMITS.snapshotTable)
    blockers.add('snapshots-count', 'Snapshot table is too big')
}
