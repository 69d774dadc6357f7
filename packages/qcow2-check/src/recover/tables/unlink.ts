import type { Owner } from '../../check/survey.ts'
import type { EntryRepair } from '../evidence.ts'
import type { Search } from '../search.ts'
import { isRubbish } from './disks.ts'
import { leakedClusters } from './leaked-clusters.ts'
import { leftoverLeaks } from './leftover.ts'
import { nearOffsets } from './near.ts'
import { draft, entryAt } from './repair-l2-entries.ts'

/** Cross-linked clusters and leaked ones that are held against one another. */
const MOST = 256

type DataOwner = Extract<Owner, { kind: 'data' | 'compressed' }>

/**
 * Two owners of a cluster, and a leaked one that must have been that of one of them. Which, is proven where the other is
 * no guest data, or where snapshots see the cluster at its place too; else both are named, and none is certain.
 */
export async function unlinkClusters(
  search: Search,
  tableClusters: ReadonlySet<number>,
): Promise<EntryRepair[]> {
  const { survey, references, rules } = search
  const { clusterSize, l2Coverage, l2EntrySize } = rules.geometry
  const { crossLinked } = survey
  if (rules.externalData || crossLinked.length === 0 || crossLinked.length > MOST) return []
  const leaked = leakedClusters(search, tableClusters, MOST)
  if (leaked.length === 0 || leaked.length === MOST) return []
  const free = new Set(leaked)
  const owners = await survey.ownersOf(new Set(crossLinked))
  const named = crossLinked.filter((cluster) => owners.get(cluster)?.some(({ kind }) => kind === 'l2'))
  const standings = await references.standings(named.map((cluster) => cluster * clusterSize))
  const rubbish = new Set(named.filter((cluster) => isRubbish(standings.get(cluster * clusterSize))))
  const repairs: EntryRepair[] = []
  for (const cluster of crossLinked) {
    const all = owners.get(cluster) ?? []
    // Where no table stands, what names it as a table is wrong, not who has data there.
    if (rubbish.has(cluster)) continue
    const data = all.filter((owner): owner is DataOwner => owner.kind === 'data')
    const near = nearOffsets(BigInt(cluster * clusterSize), clusterSize, (at) => free.has(at / clusterSize))
    const best = near[0] && near[1]?.bits !== near[0].bits ? near[0] : undefined
    const only = crossLinked.length === 1 && free.size === 1
    const target = only ? leaked[0] : best && best.offset / clusterSize
    if (target === undefined || data.length === 0) continue
    const wrong = wrongOwners(all, data)
    for (const owner of wrong.slice(0, 2)) {
      const index = (owner.guest % l2Coverage) / clusterSize
      const place = { ...owner, entryOffset: owner.l2Offset + index * l2EntrySize }
      const before = await entryAt(search, place.entryOffset)
      if (before === undefined) continue
      const kind = best?.offset === target * clusterSize ? 'near' : 'only-fit'
      const bits = kind === 'near' ? { bits: best?.bits ?? 0 } : {}
      const proof = { kind, ...bits, clusters: 1, candidates: wrong.length } as const
      repairs.push({ ...draft(search, place, before, target, proof), certain: wrong.length === 1 })
    }
    if (wrong.length !== 1) continue
    free.delete(target)
    references.ownCluster(target, 1)
    references.ownCluster(cluster, -1)
  }
  const complete = leftoverLeaks(search, tableClusters, 1) === 0
  return repairs.map((repair) => ({ ...repair, certain: repair.certain && complete }))
}

/** One where the others prove it. */
function wrongOwners(all: readonly Owner[], data: readonly DataOwner[]): readonly DataOwner[] {
  if (all.length !== 2) return data
  if (data.length === 1) return data
  const [one, other] = data as readonly [DataOwner, DataOwner]
  const activeOnly = ({ snapshots }: DataOwner) => snapshots.every((id) => id === undefined)
  if (activeOnly(one) === activeOnly(other)) return data
  return [activeOnly(one) ? one : other]
}
