import type { ClusterRange, Survey } from '../check/survey.ts'
import { unreferencedIn } from '../check/unreferenced.ts'
import type { Evidence } from '../recover/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { credible, garbledBlocks } from './garbled-blocks.ts'
import { hidesReferences } from './hiding.ts'
import { missedElsewhere } from './holes.ts'
import { type LeakedContent, readUnreferenced } from './leaked-content.ts'
import { oldSnapshotTables, wasBeingReplaced } from './old-snapshot-tables.ts'
import { l1Clusters, namesOfOrphans } from './orphan-clusters.ts'
import { reachOf } from './reach.ts'
import { type RedundantTables, redundantTables } from './redundant-tables.ts'

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
  /**
   * Something that was lost from the mapping may be among what consent would free: data between others, or a cluster
   * that had been shared with a disk that has a hole there. Consent is not asked for then.
   */
  readonly mayHoldLost: boolean
  readonly content: UnreferencedContent
  /** Some lost table is in the file, which may be what makes a refcount look too high. */
  readonly orphans: boolean
}

/** What stands in the clusters that nothing references and whose refcount says otherwise, or nothing at all. */
export type UnreferencedContent = LeakedContent

export interface ProofOptions {
  readonly evidence?: Evidence | undefined
  /** Clusters that a plan took out of use, and of which it is known what they were. */
  readonly released?: ClusterSet
  /** The image before anything was planned: clusters behind its end are the plan's own. */
  readonly damaged?: Survey
  readonly signal?: AbortSignal | undefined
}

/**
 * The proof that nothing is behind a refcount that is too high; without it none is lowered. A leaked cluster is proven to
 * be waste if it is all zeros and the image has no backing file (a hole reads the same), or if it is a table that only
 * repeats what a living one says at the same place, and refcounts account for it; or the snapshot
 * table of before, where the new one was not counted yet. Where data are leaked it can't be proven: an entry may have been
 * zeroed, or point to a wrong place.
 *
 * A refcount above the references is proven too high if no other disk has a hole where it would have shared the cluster;
 * if the active disk's entry is COPIED, so that it never was shared; if leaked copies of L1 tables account for the
 * difference; or if the refcount, or its whole block, is rubbish.
 *
 * None of it holds while another damage may hide a reference, or leaked clusters could not be read; and only the first
 * while a lost table is in the file.
 */
export async function proveNothingBehind(survey: Survey, options: ProofOptions = {}): Promise<Proof> {
  const { evidence, released, damaged = survey, signal } = options
  const { image } = survey
  const { refcountBlockEntries } = image.geometry
  const garbled = garbledBlocks(survey)
  const content = await readUnreferenced(survey, unexplained(survey, garbled), signal)
  const orphanL1s = l1Clusters(survey, evidence)
  const redundant = await redundantTables(survey, content, orphanL1s)
  const copies = new Set(redundant.clusters)
  const waste = new Set(redundant.counted)
  const old = await oldSnapshotTables(survey, evidence)
  for (const cluster of old) copies.add(cluster)
  // A guest that stores a copy of the table may have lost it: only the table that was being replaced is known to be one.
  for (const cluster of [...(released ?? []), ...(wasBeingReplaced(damaged) ? old : [])]) {
    copies.add(cluster)
    waste.add(cluster)
  }
  for (const cluster of namesOfOrphans(survey, evidence, copies)) {
    copies.delete(cluster)
    waste.delete(cluster)
    orphanL1s.add(cluster)
  }
  const suspects = suspectsOf(survey, content, copies, orphanL1s, evidence)
  // What was not looked at may be a lost table.
  const orphans = suspects.size > 0 || content.incomplete
  const hiding = hidesReferences(survey)
  const backed = image.backingFile !== undefined
  const isGarbled = (cluster: number) => garbled.has(Math.floor(cluster / refcountBlockEntries))
  const missed =
    hiding || orphans || !anyHigh(survey) || !mayShare(survey)
      ? new ClusterSet()
      : await missedReferences(survey, redundant, evidence, signal)
  return {
    mayFree: (cluster) => {
      if (hiding || suspects.has(cluster)) return false
      return waste.has(cluster) || (content.zero.has(cluster) && !backed)
    },
    mayLower: (cluster) => !hiding && !orphans && (isGarbled(cluster) || !missed.has(cluster)),
    suspected: (cluster) =>
      suspects.has(cluster) ||
      !(content.zero.has(cluster) || content.data.has(cluster) || copies.has(cluster)),
    holdsSomething: (cluster) => content.data.has(cluster) || suspects.has(cluster),
    isGarbled,
    content,
    mayHoldLost:
      missed.size > 0 ||
      // With a lost table in the file it isn't asked who shared what: somebody has lost something.
      (orphans && anyHigh(survey) && mayShare(survey)) ||
      somethingMisled(survey, damaged.clusters) ||
      dataBetweenOthers(survey, content, damaged.clusters),
    orphans,
  }
}

async function missedReferences(
  survey: Survey,
  { l1Copies }: RedundantTables,
  evidence: Evidence | undefined,
  signal: AbortSignal | undefined,
): Promise<ClusterSet> {
  const missed = await missedElsewhere(survey, isHigh(survey), (cluster) => credible(survey, cluster), signal)
  const more = l1Copies.length + (l1Copies.length === 0 && evidence?.inFlight?.certain ? 1 : 0)
  if (missed.size === 0 || more === 0) return missed
  const { offset, entries } = survey.image.activeL1
  const l1s =
    l1Copies.length > 0
      ? l1Copies.map((cluster) => ({
          offset: cluster * survey.image.geometry.clusterSize,
          entries: Infinity,
        }))
      : [{ offset, entries }]
  const explained = await reachOf(survey.image, l1s, signal)
  for (const cluster of [...missed])
    if (explained.has(cluster) && survey.stored(cluster) - survey.referenced(cluster) <= more)
      missed.delete(cluster)
  return missed
}

/** Something is used that is said to be free: an entry may point to a wrong place, and what it has lost is leaked. */
function somethingMisled({ findings, image }: Survey, clustersBefore: number): boolean {
  const end = clustersBefore * image.geometry.clusterSize
  return (
    findings.some(({ code, offset }) => code === 'refcount-low' && offset < end) &&
    !findings.some(({ code }) => code === 'dirty')
  )
}

/** What an interrupted allocation leaves lies at the end of the file. */
function dataBetweenOthers(survey: Survey, { data }: LeakedContent, clustersBefore: number): boolean {
  if (data.size === 0) return false
  const { imageEndOffset } = survey.counts
  const used = Math.ceil(imageEndOffset / survey.image.geometry.clusterSize)
  let last = Math.min(survey.clusters, clustersBefore, used) - 1
  while (last > 0 && survey.referenced(last) === 0) last--
  for (const cluster of data) return cluster < last
  return false
}

/** Leaked clusters, and those of blocks that say nothing. */
function* unexplained(survey: Survey, garbled: ReadonlySet<number>): Generator<ClusterRange> {
  const { refcountBlockEntries } = survey.image.geometry
  if (garbled.size === 0) {
    yield* survey.leaked
    return
  }
  for (const { first, count } of survey.leaked)
    for (let cluster = first, next = first; cluster < first + count; cluster = next) {
      const block = Math.floor(cluster / refcountBlockEntries)
      next = Math.min((block + 1) * refcountBlockEntries, first + count)
      if (!garbled.has(block)) yield { first: cluster, count: next - cluster }
    }
  for (const block of garbled) {
    const end = Math.min((block + 1) * refcountBlockEntries, survey.clusters)
    yield* unreferencedIn(survey, block * refcountBlockEntries, end)
  }
}

function mayShare({ image, counts }: Survey): boolean {
  return image.snapshots.entries.length > 0 || counts.compressedClusters > 0
}

function isHigh(survey: Survey): (cluster: number) => boolean {
  return (cluster) =>
    cluster < survey.clusters &&
    survey.referenced(cluster) > 0 &&
    survey.stored(cluster) > survey.referenced(cluster)
}

function anyHigh(survey: Survey): boolean {
  for (const { first, stored, referenced } of survey.differing())
    if (first < survey.clusters && referenced > 0 && stored > referenced) return true
  return false
}

/** Lost tables, and the leaked clusters that they point to. */
function suspectsOf(
  survey: Survey,
  content: LeakedContent,
  copies: ReadonlySet<number>,
  orphanL1s: ReadonlySet<number>,
  evidence: Evidence | undefined,
): ClusterSet {
  const { clusterSize } = survey.image.geometry
  const suspects = new ClusterSet()
  const suspect = (cluster: number) => {
    const unreferenced = cluster < survey.clusters && survey.referenced(cluster) === 0
    if (unreferenced && !copies.has(cluster)) suspects.add(cluster)
  }
  const unique = content.tables.filter(({ cluster }) => !copies.has(cluster))
  for (const { cluster } of unique) suspect(cluster)
  if (unique.length > 0) for (const cluster of content.targets) suspect(cluster)
  for (const cluster of orphanL1s) suspect(cluster)
  for (const { offset, length, code } of survey.findings)
    if (code === 'lost-l2')
      for (let at = Math.floor(offset / clusterSize); at < (offset + length) / clusterSize; at++) suspect(at)
  for (const { offset } of evidence?.orphanL2s ?? []) suspect(offset / clusterSize)
  for (const { proof, ranges } of evidence?.lostWindows ?? [])
    if (proof.kind !== 'none')
      for (const { first, count } of ranges)
        for (let cluster = first; cluster < first + count; cluster++) suspect(cluster)
  return suspects
}
