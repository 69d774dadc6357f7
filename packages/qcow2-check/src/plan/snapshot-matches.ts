import type { Finding } from '../findings/index.ts'
import type { Snapshot } from '../image/image.ts'
import type { SnapshotEvidence } from '../recover/index.ts'

/** There may be 65536 snapshots and as many finds: they are looked up, not compared each with each. */

/** Does any of these findings concern a snapshot: its entry, or its L1 table? */
export function faultyAmong(faults: readonly Finding[]): (snapshot: Snapshot) => boolean {
  const offsets = new Set(faults.map(({ offset }) => offset))
  const told = faults.filter(({ snapshot }) => snapshot !== undefined)
  const ids = new Set(told.map(({ snapshot }) => snapshot))
  const tables = new Set(told.map(({ snapshot, offset }) => `${offset} ${snapshot}`))
  return ({ id, entryOffset, l1 }) =>
    offsets.has(entryOffset) || (l1.offset === 0 ? ids.has(id) : tables.has(`${l1.offset} ${id}`))
}

/** The first find of the L1 table or of the entry of a snapshot. */
export function matchAmong(
  finds: readonly SnapshotEvidence[],
): (snapshot: Snapshot) => SnapshotEvidence | undefined {
  const byTable = new Map<number, number>()
  const byEntry = new Map<number, number>()
  for (const [index, { l1, entry }] of finds.entries()) {
    if (!byTable.has(l1.offset)) byTable.set(l1.offset, index)
    if (entry && !byEntry.has(entry.offset)) byEntry.set(entry.offset, index)
  }
  return ({ l1, entryOffset }) => {
    const found = Math.min(byTable.get(l1.offset) ?? Infinity, byEntry.get(entryOffset) ?? Infinity)
    return finds[found]
  }
}
