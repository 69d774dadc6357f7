import type { Image, OwnedRange } from '../image/image.ts'
import { USE_ALONE, USE_NONE } from './counters/cell.ts'
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
    ...owned.filter(({ kind }) => kind !== 'pinned').map(ownedBy),
  ].filter(({ length }) => length > 0)
}

/**
 * What a repair keeps. It has an owner in place of those it lost, and one of these may still be there: a cluster that is
 * kept and used is no cross-link.
 */
export function pinnedOf({ owned }: Image): Structure[] {
  return owned.filter(({ kind }) => kind === 'pinned').map(ownedBy)
}

function ownedBy({ kind, offset, length, bitmap }: OwnedRange): Structure {
  return { offset, length, owner: { kind, ...(bitmap !== undefined && { bitmap }) } }
}

export function countStructures({ image, counter, tally }: WalkContext): void {
  for (const { offset, length } of structuresOf(image))
    if (!counter.count(offset, length, 1, USE_ALONE)) tally.corruptions++
  for (const { offset, length } of pinnedOf(image)) counter.count(offset, length, 1, USE_NONE)
}
