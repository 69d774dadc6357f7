import type { RebuiltL1, SnapshotEvidence, SnapshotProof, TableEvidence } from '../evidence.ts'
import type { Search } from '../search.ts'
import type { UnclaimedL2 } from '../tables/unclaimed.ts'
import type { KnownL1 } from './known-l1s.ts'
import { type L1Standing, standingsOf } from './live-l1s.ts'
import { entryOf } from './tables.ts'

export interface Judgement {
  readonly known: readonly KnownL1[]
  readonly tables: readonly TableEvidence[]
  readonly rebuilt: ReadonlyMap<KnownL1, RebuiltL1>
  /** L2 tables that no L1 entry was found for: any table that has nothing at their index may have lost it. */
  readonly unplaced: readonly UnclaimedL2[]
  /** Nothing is leaked that isn't explained. */
  readonly complete: boolean
}

/** What can be said of each snapshot, in the order of the file. */
export async function judgeSnapshots(search: Search, judgement: Judgement): Promise<SnapshotEvidence[]> {
  const { known, tables, rebuilt } = judgement
  const { virtualSize, geometry } = search.survey.image
  const standings = await standingsOf(
    search,
    known.filter(({ live }) => live),
  )
  const mended = new Set(
    known.flatMap(({ live, carved }) => (live ? carved.filter((e) => e.mended).map((e) => e.offset) : [])),
  )
  const result: SnapshotEvidence[] = []
  let orphan = 0
  for (const l1 of known) {
    const entry = entryOf(l1, tables)
    const listed = l1.listed.length > 0
    const rebuiltL1 = rebuilt.get(l1)
    const standing = standings.get(l1)
    const proof = proofOf(search, l1, standing)
    // An entry whose table is freed and holds nothing is a snapshot that was deleted.
    if (!listed && !l1.live) continue
    // Its entry meant another table, which has it now.
    if (!l1.live && l1.listed.every(({ entryOffset }) => mended.has(entryOffset))) continue
    const diskSize = Math.min(
      entry?.diskSize ?? l1.listed[0]?.diskSize ?? virtualSize,
      l1.entries * geometry.l2Coverage,
    )
    const sound = rebuiltL1?.certain ?? isCertain(l1, proof, standing, judgement)
    result.push({
      l1: { offset: l1.offset, entries: l1.entries, claimedEntries: l1.entries },
      ...(entry && { entry }),
      listed,
      ...(!listed && { orphan: ++orphan }),
      diskSize,
      proof: rebuiltL1 ? { kind: 'refcounts', clusters: rebuiltL1.proof.clusters } : proof,
      certain: sound,
      ...(rebuiltL1 && { rebuiltL1 }),
    })
  }
  return result
}

function proofOf(search: Search, l1: KnownL1, standing: L1Standing | undefined): SnapshotProof {
  const { used, invalid } = l1.read
  if (used === 0 && invalid > 0) return { kind: 'unreadable' }
  const copy = asActive(search, l1)
  if (!search.refcounts) return { kind: copy ? 'as-active' : 'structure' }
  if (standing === undefined)
    return copy ? { kind: 'as-active' } : { kind: 'contradicted', clusters: 0, more: 0, dead: true }
  const { clusters, more, fewer, moreL2s, ownExact } = standing
  // Wrong refcounts of some data are a damage of the refcounts, where the image itself lists the snapshot.
  if (l1.listed.length > 0 && ownExact && moreL2s === 0 && more > 0 && !copy)
    return { kind: 'tables', clusters, more }
  if (more > 0 || !ownExact)
    return copy ? { kind: 'as-active' } : { kind: 'contradicted', clusters, more, dead: false }
  return fewer > 0 ? { kind: 'no-contradiction', clusters, fewer } : { kind: 'refcounts', clusters }
}

/** Its entries are those of the active table, as far as its disk reaches. */
function asActive({ active, references, survey }: Search, l1: KnownL1): boolean {
  const { l2s, used } = l1.read
  if (used === 0 || used !== active.read.used) return false
  // Somebody else has its clusters: what stands there now is what it was, by luck.
  for (const cluster of references.clustersOf(l1))
    if (survey.referenced(cluster) > l1.listed.length) return false
  return l2s.every((offset, index) => offset === (active.read.l2s[index] ?? 0))
}

function isCertain(
  l1: KnownL1,
  proof: SnapshotProof,
  standing: L1Standing | undefined,
  { unplaced, complete }: Judgement,
): boolean {
  if (l1.read.invalid > 0 || (standing?.brokenL2s ?? 0) > 0) return false
  // Zeros over an L2 table leave what it mapped leaked.
  if (!complete && (standing?.emptyL2s ?? 0) > 0) return false
  if (proof.kind === 'contradicted' || proof.kind === 'unreadable') return false
  const mayHaveLost = ({ l1Index }: UnclaimedL2) =>
    l1Index === undefined ? l1.read.l2s.includes(0) : l1.read.l2s[l1Index] === 0
  if (l1.listed.length > 0) return !unplaced.some(mayHaveLost)
  const proven = proof.kind === 'refcounts' || proof.kind === 'no-contradiction'
  return l1.live && l1.anchored && proven && unplaced.length === 0
}
