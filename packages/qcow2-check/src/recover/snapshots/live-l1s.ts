import type { References } from '../reading/references.ts'
import type { Search } from '../search.ts'
import type { KnownL1 } from './known-l1s.ts'

/** Tables that are given up one by one before the rest is believed as it is. */
const MOST_ROUNDS = 24

/** A table's clusters and L2 tables, held against the refcounts. */
export interface L1Standing {
  /** Clusters it reaches, its own included. */
  readonly clusters: number
  readonly more: number
  readonly fewer: number
  /** Of `more`, references to L2 tables. */
  readonly moreL2s: number
  /** Its own clusters are referenced as often as they should, by nobody else. */
  readonly ownExact: boolean
  /** L2 tables that hold what can't be entries. */
  readonly brokenL2s: number
  /** L2 tables that hold nothing: sound, or overwritten with zeros. */
  readonly emptyL2s: number
}

/** Lets every known table own what it reaches whose own clusters have a refcount that nobody else accounts for. */
export async function chooseLive(search: Search, known: readonly KnownL1[]): Promise<void> {
  const { references, refcounts, active } = search
  // First without any of them: one that names the wrong table counts references that others can't have then.
  for (const l1 of known) references.own(l1, -l1.listed.length)
  await references.settle()
  const structures = structuresOf(search)
  const taken = new Set<number>()
  for (const l1 of [...known].sort((a, b) => trust(b) - trust(a))) {
    const own = [...references.clustersOf(l1)]
    const free = l1.offset !== active.offset && own.every((cluster) => !taken.has(cluster))
    const readable = l1.read.used > 0 || l1.read.invalid === 0
    // Where guest data of another place has the cluster too, the table is still there if it still is one.
    const whole = readable && l1.listed.length > 0 && leadsToTables(references, l1)
    const shared = (cluster: number) => whole && references.isCrossLinked(cluster) && !structures.has(cluster)
    const counted = own.every((cluster) => references.residual(cluster) >= 1 || shared(cluster))
    l1.live = free && (refcounts ? counted : readable)
    if (l1.live) for (const cluster of own) taken.add(cluster)
  }
  for (const l1 of known) if (l1.live) references.own(l1, 1)
  await references.settle()
}

/** Clusters that are something else than guest data, for sure. */
function structuresOf(search: Search): Set<number> {
  const clusters = fixedStructures(search)
  const { active, references } = search
  for (const l2 of active.read.l2s) if (l2 > 0) clusters.add(l2 / references.clusterSize)
  return clusters
}

/** Clusters of the header, the active L1 table, and the tables that the header names beside it. */
export function fixedStructures({ survey, references, active }: Search): Set<number> {
  const { snapshots, refcountTable } = survey.image
  const clusters = new Set<number>([0, ...references.clustersOf(active)])
  for (const { offset, length } of [snapshots, refcountTable])
    for (const cluster of references.clustersOf({ offset, entries: Math.ceil(length / 8) }))
      clusters.add(cluster)
  return clusters
}

/** All that it names can be its L2 tables, as far as their refcounts go. */
function leadsToTables(references: References, { read }: KnownL1): boolean {
  return read.l2s.every((l2) => l2 <= 0 || references.residual(l2 / references.clusterSize) >= 1)
}

/** Rubbish stands where the table should be: it was overwritten, or what names it is wrong. */
export function isUnreadable({ read }: KnownL1): boolean {
  return read.used === 0 && read.invalid > 0
}

/** Which of two tables at one place is meant. */
function trust(l1: KnownL1): number {
  const { listed, carved } = l1
  // What has nothing in it is the first to be doubted: something else may name the clusters too, and mean it.
  if (l1.read.used === 0) return -1
  if (listed.some(({ sound }) => sound)) return 3
  if (carved.length > 0) return 2
  return listed.length > 0 ? 1 : 0
}

/** Adds tables found by their shape, and gives up those that the refcounts speak against. */
export async function addShaped(search: Search, shaped: readonly KnownL1[], all: readonly KnownL1[]) {
  for (const l1 of shaped) {
    l1.live = true
    search.references.own(l1, 1)
  }
  await search.references.settle()
  if (search.refcounts) await giveUpContradicted(search, all)
}

async function giveUpContradicted(search: Search, all: readonly KnownL1[]): Promise<void> {
  const given: KnownL1[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const standings = await standingsOf(
      search,
      all.filter((l1) => l1.live && (l1.listed.length === 0 || l1.read.used === 0)),
    )
    const [worst] = [...standings]
      .filter(([, { more, ownExact }]) => more > 0 || !ownExact)
      .sort(([a, one], [b, two]) => trust(a) - trust(b) || two.more / two.clusters - one.more / one.clusters)
    if (!worst) break
    await setLive(search, worst[0], false)
    given.push(worst[0])
  }
  // One of two that claim the same was given up first, perhaps the wrong one; with the other gone it fits.
  for (const l1 of given) {
    await setLive(search, l1, true)
    const standing = (await standingsOf(search, [l1])).get(l1) as L1Standing
    if (standing.more > 0 || !standing.ownExact) await setLive(search, l1, false)
  }
}

export async function setLive({ references }: Search, l1: KnownL1, live: boolean): Promise<void> {
  if (l1.live === live) return
  l1.live = live
  references.own(l1, live ? 1 : -1)
  await references.settle()
}

export async function standingsOf(
  { references }: Search,
  l1s: readonly KnownL1[],
): Promise<Map<KnownL1, L1Standing>> {
  const wanted = new Set<number>()
  for (const { read } of l1s) for (const l2 of read.l2s) if (l2 > 0) wanted.add(l2)
  const tables = await references.standings(wanted)
  const result = new Map<KnownL1, L1Standing>()
  for (const l1 of l1s) {
    let [clusters, more, fewer, moreL2s, brokenL2s, emptyL2s] = [0, 0, 0, 0, 0, 0]
    let ownExact = true
    for (const cluster of references.clustersOf(l1)) {
      clusters++
      const shared = l1.read.used > 0 && references.isCrossLinked(cluster)
      if (references.residual(cluster) !== 0 && !shared) ownExact = false
    }
    for (const l2 of l1.read.l2s) {
      const standing = l2 > 0 ? tables.get(l2) : undefined
      if (standing === undefined) continue
      clusters += 1 + standing.contents.mapped
      if (standing.own < 0 && !references.isCrossLinked(l2 / references.clusterSize)) moreL2s++
      more += standing.more
      fewer += standing.fewer + (standing.own > 0 ? 1 : 0)
      const { mapped, zero, beyond, invalid } = standing.contents
      if (invalid > 0) brokenL2s++
      else if (mapped + zero + beyond === 0) emptyL2s++
    }
    more += moreL2s
    result.set(l1, { clusters, more, moreL2s, fewer, ownExact, brokenL2s, emptyL2s })
  }
  return result
}
