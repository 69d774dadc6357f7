import type { ClusterRange, Survey } from '../check/survey.ts'
import type { Evidence } from '../recover/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { credible, garbledBlocks, somethingOnFreeGround } from './garbled-blocks.ts'
import { hidesReferences } from './hiding.ts'
import { anyHole, missedElsewhere } from './holes.ts'
import { type LeakedContent, readUnreferenced } from './leaked-content.ts'
import { redundantTables } from './redundant-tables.ts'

/** What is known to be behind refcounts that are higher than what references their clusters. */
export interface Proof {
  /** Of a leaked cluster: it may be freed, as nothing is behind it. */
  mayFree(cluster: number): boolean
  /** Of a cluster that is referenced less often than its refcount says: the references that are missing never were. */
  mayLower(cluster: number): boolean
  /** Of a leaked cluster: it is a lost table, belongs to one, or could not be looked at; no consent frees it. */
  suspected(cluster: number): boolean
  /** Of a cluster that nothing references: it is not all zeros. */
  holdsSomething(cluster: number): boolean
  /** Its refcount stands in a block whose values say nothing. */
  isGarbled(cluster: number): boolean
  /** Some lost table is in the file, which may be what makes a refcount look too high. */
  readonly orphans: boolean
}

export interface ProofOptions {
  readonly evidence?: Evidence | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The proof that nothing is behind a refcount that is too high; without it none is lowered. What is proven:
 *
 * - a leaked cluster of zeros, in an image without a backing file: a hole reads the same;
 * - a leaked cluster of data, when no disk has a place where nothing is mapped that it could come from;
 * - a leaked table that only repeats what a living one says at the same place;
 * - a refcount above the references, if no disk has a hole where it would have shared the cluster.
 *
 * None of it holds while another damage may hide a reference, a lost table points there, or leaked clusters could not be
 * read. In a sparse image a leaked cluster with data may have lost its L2 entry: it is never proven.
 */
export async function proveNothingBehind(survey: Survey, options: ProofOptions = {}): Promise<Proof> {
  const { evidence, signal } = options
  const { image } = survey
  const { refcountBlockEntries } = image.geometry
  const garbled = garbledBlocks(survey)
  const content = await readUnreferenced(survey, unexplained(survey, garbled), signal)
  const copies = await redundantTables(survey, content)
  const suspects = await suspectsOf(survey, content, copies, evidence)
  const orphans = suspects.size > 0
  const hiding = hidesReferences(survey) || content.incomplete
  const misled =
    somethingOnFreeGround(survey, garbled) && !survey.findings.some(({ code }) => code === 'dirty')
  const backed = image.backingFile !== undefined
  const sound = !hiding && !misled
  const full =
    sound && (content.data.size > 0 || backed) && image.owned.every(({ kind }) => kind === 'crypto-header')
      ? !(await anyHole(image, signal))
      : false
  const high = (cluster: number) =>
    cluster < survey.clusters &&
    survey.referenced(cluster) > 0 &&
    survey.stored(cluster) > survey.referenced(cluster)
  const isGarbled = (cluster: number) => garbled.has(Math.floor(cluster / refcountBlockEntries))
  const missed =
    sound && !orphans && anyHigh(survey, high) && mayShare(survey)
      ? await missedElsewhere(survey, high, (cluster) => credible(survey, cluster), signal)
      : new ClusterSet()
  return {
    mayFree: (cluster) => {
      if (hiding || suspects.has(cluster)) return false
      if (copies.has(cluster)) return true
      if (content.zero.has(cluster)) return !backed || full
      return full && !orphans && content.data.has(cluster)
    },
    mayLower: (cluster) => sound && !orphans && (isGarbled(cluster) || !missed.has(cluster)),
    suspected: (cluster) => suspects.has(cluster) || !looked(content, copies, cluster),
    holdsSomething: (cluster) => content.data.has(cluster) || suspects.has(cluster),
    isGarbled,
    orphans,
  }
}

/** Leaked clusters, and those of blocks that say nothing. */
function* unexplained(survey: Survey, garbled: ReadonlySet<number>): Generator<ClusterRange> {
  const { refcountBlockEntries } = survey.image.geometry
  if (garbled.size === 0) {
    yield* survey.leaked
    return
  }
  for (const { first, count } of survey.leaked)
    for (let cluster = first; cluster < first + count; cluster++)
      if (!garbled.has(Math.floor(cluster / refcountBlockEntries))) yield { first: cluster, count: 1 }
  for (const block of garbled) {
    let first = -1
    const end = Math.min((block + 1) * refcountBlockEntries, survey.clusters)
    for (let cluster = block * refcountBlockEntries; cluster <= end; cluster++) {
      const unreferenced = cluster < end && survey.referenced(cluster) === 0
      if (unreferenced && first < 0) first = cluster
      if (unreferenced || first < 0) continue
      yield { first, count: cluster - first }
      first = -1
    }
  }
}

function looked(content: LeakedContent, copies: ReadonlySet<number>, cluster: number): boolean {
  return content.zero.has(cluster) || content.data.has(cluster) || copies.has(cluster)
}

function mayShare({ image, counts }: Survey): boolean {
  return image.snapshots.entries.length > 0 || counts.compressedClusters > 0
}

function anyHigh(survey: Survey, high: (cluster: number) => boolean): boolean {
  for (let cluster = 0; cluster < survey.clusters; cluster++) if (high(cluster)) return true
  return false
}

/** Lost tables, and the leaked clusters that they point to. */
async function suspectsOf(
  survey: Survey,
  content: LeakedContent,
  copies: ReadonlySet<number>,
  evidence: Evidence | undefined,
): Promise<ClusterSet> {
  const { clusterSize } = survey.image.geometry
  const suspects = new ClusterSet()
  const unique = content.tables.filter(({ cluster }) => !copies.has(cluster))
  for (const { cluster } of unique) suspects.add(cluster)
  if (unique.length > 0)
    for (const cluster of content.targets) if (!copies.has(cluster)) suspects.add(cluster)
  const leaked = (cluster: number) => survey.referenced(cluster) === 0
  const suspect = (first: number, count: number) => {
    for (let cluster = first; cluster < first + count && cluster < survey.clusters; cluster++)
      if (leaked(cluster) && !copies.has(cluster)) suspects.add(cluster)
  }
  for (const { offset, length, code } of survey.findings)
    if (code === 'lost-l2') suspect(Math.floor(offset / clusterSize), Math.ceil(length / clusterSize))
  for (const { offset } of evidence?.orphanL2s ?? []) suspect(offset / clusterSize, 1)
  for (const { listed, certain, l1 } of evidence?.snapshots ?? [])
    if (!listed && certain) suspect(l1.offset / clusterSize, Math.ceil((l1.entries * 8) / clusterSize))
  for (const { proof, ranges } of evidence?.lostWindows ?? [])
    if (proof.kind !== 'none') for (const { first, count } of ranges) suspect(first, count)
  return suspects
}
