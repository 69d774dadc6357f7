import { FIX_HEADER } from '../findings-list.ts'
import { FIELD } from '../header-rules.ts'
import type { SnapshotTable } from '../image.ts'
import type { OpenContext } from '../open-context.ts'

export const NO_TABLE: SnapshotTable = { offset: 0, length: 0, entries: [], complete: true }

/** Of a header that says there are none. QEMU wants the place of a table without entries to be one too. */
export function noSnapshots({ header, geometry, findings }: OpenContext): SnapshotTable {
  const { snapshotCount: count, snapshotsOffset: target } = header
  if (target % BigInt(geometry.clusterSize) !== 0n)
    findings.add('snapshots-offset', FIELD.snapshots, { target, count }, { repair: FIX_HEADER })
  return NO_TABLE
}
