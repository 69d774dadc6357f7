import type { Image } from '../image/image.ts'
import { USE_ALONE } from './counters/cell.ts'
import type { Owner } from './survey.ts'
import type { WalkContext } from './walk-context.ts'

/** A range of the file that neither an L1 or L2 table nor guest data owns, in bytes. */
export interface Structure {
  readonly offset: number
  readonly length: number
  readonly owner: Owner
}

/** Everything but L1 tables, what they lead to, and refcount blocks. */
export function structuresOf({ geometry, snapshots, refcountTable, owned }: Image): Structure[] {
  return [
    { offset: 0, length: geometry.clusterSize, owner: { kind: 'header' as const } },
    { offset: snapshots.offset, length: snapshots.length, owner: { kind: 'snapshot-table' as const } },
    {
      offset: refcountTable.offset,
      length: refcountTable.length,
      owner: { kind: 'refcount-table' as const },
    },
    ...owned.map(({ kind, offset, length, bitmap }) => ({
      offset,
      length,
      owner: { kind, ...(bitmap !== undefined && { bitmap }) },
    })),
  ].filter(({ length }) => length > 0)
}

export function countStructures({ image, counter, tally }: WalkContext): void {
  for (const { offset, length } of structuresOf(image))
    if (!counter.count(offset, length, 1, USE_ALONE)) tally.corruptions++
}
