import type { InFlightSnapshot } from '../evidence.ts'
import type { Search } from '../search.ts'
import type { Disk } from './disks.ts'
import { leftoverLeaks } from './leftover.ts'

/**
 * A snapshot that was being made when the storage went away raised the refcount of all that the active disk has, and its
 * L1 table never came: every cluster of the disk has one reference too many. Its references are counted from here on.
 */
export async function findInFlight(
  search: Search,
  disks: readonly Disk[],
  tableClusters: ReadonlySet<number>,
): Promise<InFlightSnapshot | undefined> {
  const { references, active } = search
  if (!search.refcounts || active.read.used === 0 || active.read.invalid > 0) return undefined
  // A snapshot that is named and has no table is the one that all these references are of.
  if (disks.some(({ snapshot, read }) => snapshot && (read.used === 0 || read.invalid > 0))) return undefined
  const l2s = [...active.read.l2s].filter((l2) => l2 > 0)
  const standings = await references.standings(l2s)
  let clusters = 0
  for (const l2 of l2s) {
    const standing = standings.get(l2)
    if (standing === undefined || standing.own !== 1 || standing.exact > 0 || standing.more > 0)
      return undefined
    clusters += 1 + standing.fewer
  }
  for (const l2 of l2s) references.ownL2(l2, 1)
  await references.settle()
  const after = await references.standings(l2s)
  const exact = l2s.every((l2) => {
    const standing = after.get(l2)
    return standing?.own === 0 && standing.more === 0 && standing.fewer === 0
  })
  if (!exact) {
    for (const l2 of l2s) references.ownL2(l2, -1)
    await references.settle()
    return undefined
  }
  // Its own table, empty yet, and the list of snapshots with it are leaked besides.
  const leaks = leftoverLeaks(search, tableClusters, 3)
  return { clusters, proof: { kind: 'refcounts' }, certain: leaks < 3 }
}
