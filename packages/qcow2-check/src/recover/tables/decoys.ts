import type { Search } from '../search.ts'
import { leftoverLeaks } from './leftover.ts'
import type { UnclaimedL2 } from './unclaimed.ts'

/** Tables that are tried one by one, and leaked clusters that are counted each time. */
const MOST_TRIED = 16
const MOST_COUNTED = 4096

/**
 * L2 tables without those that are guest data: a guest that stores images has copies of tables among its data, and where
 * the L2 table that maps them is lost, they are leaked as it is. What another one maps is no table.
 */
export async function withoutDecoys(
  search: Search,
  unclaimed: readonly UnclaimedL2[],
  tableClusters: ReadonlySet<number>,
): Promise<UnclaimedL2[]> {
  const { references } = search
  const orphans = unclaimed.filter(({ l1Index }) => l1Index === undefined)
  if (orphans.length < 2) return [...unclaimed]
  const residual = ({ offset }: UnclaimedL2) => references.residual(offset / references.clusterSize)
  const own = async (l2s: readonly UnclaimedL2[], weight: number) => {
    for (const { offset } of l2s) references.ownL2(offset, weight)
    await references.settle()
  }
  await own(orphans, 1)
  let disputed = orphans.filter((l2) => residual(l2) < 0)
  const owned = new Set(orphans)
  const give = async (l2s: readonly UnclaimedL2[]) => {
    await own(l2s, -1)
    for (const l2 of l2s) owned.delete(l2)
  }
  await give(disputed)
  const data = new Set<UnclaimedL2>()
  while (disputed.length > 0) {
    disputed = disputed.filter((l2) => {
      if (residual(l2) > 0) return true
      data.add(l2)
      return false
    })
    // The true table explains what is leaked better than a copy of it that is older, or of a table that leads to it.
    const scores: { l2: UnclaimedL2; leaks: number }[] = []
    for (const l2 of disputed.slice(0, MOST_TRIED)) {
      await own([l2], 1)
      scores.push({ l2, leaks: leftoverLeaks(search, tableClusters, MOST_COUNTED) })
      await own([l2], -1)
    }
    scores.sort((a, b) => a.leaks - b.leaks)
    const [best, second] = scores
    if (!best || best.leaks === second?.leaks) break
    await own([best.l2], 1)
    owned.add(best.l2)
    disputed = disputed.filter((l2) => l2 !== best.l2)
  }
  await own([...owned], -1)
  return unclaimed.filter((l2) => !data.has(l2))
}
