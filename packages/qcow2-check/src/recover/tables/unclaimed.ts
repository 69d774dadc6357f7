import type { L2Standing } from '../reading/references.ts'
import type { Search } from '../search.ts'
import type { KnownL1 } from '../snapshots/known-l1s.ts'
import type { ShapedCluster } from '../snapshots/shape-scan.ts'
import type { Hole } from './disks.ts'

/** An L2 table with references that its refcount has and nobody accounts for. */
export interface UnclaimedL2 {
  readonly offset: number
  readonly standing: L2Standing
  /** Index where other disks have it; undefined where none has. */
  readonly l1Index?: number
}

/**
 * L2 tables that some L1 entry must have named that does not any more: those nobody names, whose data have unclaimed
 * references too, and those of other disks with a reference to spare.
 */
export async function unclaimedL2s(
  { references, active, rules }: Search,
  known: readonly KnownL1[],
  shapes: readonly ShapedCluster[],
  bad: readonly Hole[] = [],
): Promise<UnclaimedL2[]> {
  // Where a wrong entry has a table says nothing of where it belongs.
  const wrong = new Set(bad.map(({ disk, index }) => `${disk.l1Offset}/${index}`))
  const indexes = new Map<number, number>()
  for (const { read, offset: l1 } of [active, ...known.filter(({ live }) => live)])
    read.l2s.forEach((offset, index) => {
      if (offset > 0 && !indexes.has(offset) && !wrong.has(`${l1}/${index}`)) indexes.set(offset, index)
    })
  const cluster = (offset: number) => offset / references.clusterSize
  const suspects = new Set<number>()
  for (const { offset, kind } of shapes)
    if (kind === 'table' && !indexes.has(offset) && references.residual(cluster(offset)) > 0)
      suspects.add(offset)
  for (const offset of indexes.keys()) if (references.residual(cluster(offset)) > 0) suspects.add(offset)
  const standings = await references.standings(suspects)
  const result: UnclaimedL2[] = []
  for (const offset of suspects) {
    const standing = standings.get(offset)
    const l1Index = indexes.get(offset)
    if (standing === undefined || standing.more > 0 || standing.contents.invalid > 0) continue
    // Without data of which that can be said, the shape alone says nothing; data of another file have no refcounts.
    const explains = rules.externalData
      ? standing.contents.mapped > 0
      : standing.fewer > 0 && standing.exact === 0
    if (l1Index === undefined && !explains) continue
    result.push({ offset, standing, ...(l1Index !== undefined && { l1Index }) })
  }
  return result.sort((a, b) => a.offset - b.offset)
}
