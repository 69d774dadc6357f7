import type { Image } from '../image/image.ts'
import { type Comparison, compareRefcounts } from './compare.ts'
import { CellStore, type CellStoreOptions } from './counters/cell-store.ts'
import { Explained } from './explained.ts'
import { FindingCollector } from './finding-collector.ts'
import { l1Roots } from './l1-roots.ts'
import { MetadataReader, TooMuchWork } from './metadata-reader.ts'
import { reportOverwrittenTable, reportTruncated } from './odd-places.ts'
import { readRefcountTable } from './refcount-blocks.ts'
import { ReferenceCounter } from './reference-counter.ts'
import { differingRuns, leakedRanges, reportDifferences } from './report-differences.ts'
import { reportShortDataFile } from './short-data-file.ts'
import { countStructures } from './structures.ts'
import type { Survey, SurveyOptions } from './survey.ts'
import { Tally } from './tally.ts'
import { corruptionsOf, verdictOf } from './verdict.ts'
import type { WalkContext } from './walk-context.ts'
import { walkL1 } from './walk-l1.ts'
import { walkL2 } from './walk-l2.ts'

/** Of tables in memory, bytes; more than the processor's nearest caches hold makes it slower. */
const IO_BYTES = 262_144
/** QEMU counts clusters in an int. */
const MOST_CLUSTERS = 2 ** 31 - 1

/**
 * Checks an image: walks all tables, counts the references to every cluster and compares them with the refcounts. Never
 * throws for damage, nor where the source fails to read.
 *
 * @throws the signal's reason, where it aborts
 */
export function survey(image: Image, options: SurveyOptions = {}): Promise<Survey> {
  return surveyWith(image, options, {})
}

/** As `survey`, for one of many tries: who uses a cluster that two use is not looked up, which takes another walk. */
export function surveyBriefly(image: Image, options: SurveyOptions = {}): Promise<Survey> {
  return surveyWith(image, options, {}, true)
}

/** As `survey`; tests say which loops and counters are used. */
export async function surveyWith(
  image: Image,
  options: SurveyOptions,
  storeOptions: Partial<CellStoreOptions>,
  brief = false,
): Promise<Survey> {
  const context = contextOf(image, options, storeOptions)
  const { findings, tally, reader, store } = context
  let comparison: Comparison | undefined
  for (const finding of image.findings) findings.take(finding)
  let checkErrors = 0
  try {
    if (context.clusters > MOST_CLUSTERS) {
      findings.add('image-too-large', 0, image.fileSize, { clusters: context.clusters })
      checkErrors++
    } else {
      comparison = await walk(context, brief)
      if (options.data) await (await import('./inflate-clusters.ts')).inflateClusters(context)
    }
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    context.cut = true
    findings.add('too-much-work', 0, image.fileSize, { why: error.message })
    checkErrors++
  } finally {
    store.release()
  }
  const { kernel } = store
  const counts = {
    checkErrors: checkErrors + reader.errors,
    corruptions: tally.corruptions + corruptionsOf(image.findings),
    leaks: tally.leaks,
    totalClusters: Math.ceil(image.virtualSize / image.geometry.clusterSize),
    allocatedClusters: kernel.allocated,
    fragmentedClusters: kernel.fragmented,
    compressedClusters: kernel.compressed,
    imageEndOffset: comparison ? (comparison.highest + 1) * image.geometry.clusterSize : 0,
  }
  const all = findings.sorted()
  return {
    image,
    clusters: context.clusters,
    referenced: (cluster) => (cluster < store.clusters ? store.cells.count(cluster) : 0),
    stored: (cluster) => storedOf(context, comparison, cluster),
    nextCounted: (from) => nextCounted(context, comparison, from),
    nextReferenced: (from) => nextReferenced(context, from),
    differing: () => (comparison ? differingRuns(context, comparison) : []),
    get leaked() {
      return comparison?.leaked(() => leakedRanges(context, comparison)) ?? []
    },
    crossLinked: comparison?.crossLinked ?? [],
    ownersOf: async (clusters) => (await import('./visit.ts')).ownersAmong(context, clusters),
    counts,
    verdict: verdictOf(counts, all),
    findings: all,
    findingsOmitted: findings.omitted,
    bytesRead: reader.bytesRead,
    visit: async (visitor, { signal } = {}) =>
      (await import('./visit.ts')).visitUses(context, visitor, signal),
  }
}

type SurveyContext = WalkContext & { readonly clusters: number }

function contextOf(
  image: Image,
  { signal, onFinding, onProgress, maxFindings = 10_000 }: SurveyOptions,
  storeOptions: Partial<CellStoreOptions>,
): SurveyContext {
  const { geometry, features, header, fileSize } = image
  const clusters = Math.ceil(fileSize / geometry.clusterSize)
  const findings = new FindingCollector(maxFindings, onFinding)
  const roots = l1Roots(image)
  const rules = {
    clusterBits: geometry.clusterBits,
    clusters: Math.min(clusters, MOST_CLUSTERS),
    extendedL2: features.extendedL2,
    zeroFlag: header.version >= 3 && !features.extendedL2,
    externalData: features.externalData,
    refcountOrder: geometry.refcountOrder,
  }
  const store = new CellStore(rules, { ioBytes: IO_BYTES, sharers: roots.length, ...storeOptions })
  return {
    image,
    clusters,
    roots,
    reader: new MetadataReader(image.source, findings, signal),
    findings,
    tally: new Tally(),
    store,
    cut: false,
    counter: new ReferenceCounter(store, fileSize, geometry.clusterSize),
    progress: onProgress ?? (() => {}),
  }
}

/** What few images need is loaded when one does: reading all of it is a tenth of the time that a small image takes. */
async function walk(context: WalkContext, brief: boolean): Promise<Comparison> {
  const { image, store } = context
  countStructures(context)
  const { references, health } = await walkL1(context)
  const odd = await walkL2(context, references)
  reportShortDataFile(context)
  reportOverwrittenTable(context)
  const blocks = await readRefcountTable(context)
  if (context.tally.beyondEnd > 0 || image.findings.length > 0) await reportTruncated(context, blocks)
  const comparison = await compareRefcounts(context, blocks)
  const stored = (cluster: number) => storedOf(context, comparison, cluster)
  if (comparison.copiedInDoubt || context.tally.plainExternal > 0)
    await (await import('./copied-flags.ts')).checkCopied(context, references, stored)
  let explained = new Explained()
  if (context.tally.leaks > 0 || health.some(({ bad }) => bad > 0)) {
    const refcounts = {
      leaked: comparison.leaked(() => leakedRanges(context, comparison)),
      stored,
      referenced: (cluster: number) => (cluster < store.clusters ? store.cells.count(cluster) : 0),
    }
    const { explainLeaks } = await import('./explain-leaks.ts')
    explained = await explainLeaks(context, { references, health, ...odd }, refcounts)
  }
  reportDifferences(context, comparison, explained)
  if (comparison.differences.lost > 0)
    throw new TooMuchWork('more refcounts are wrong than can be remembered')
  if (!brief && comparison.crossLinked.length > 0)
    await (await import('./cross-links.ts')).reportCrossLinks(context, comparison)
  return comparison
}

function nextCounted({ store, clusters }: SurveyContext, comparison: Comparison | undefined, from: number) {
  const end = Math.min(clusters, store.clusters)
  if (from >= end) return clusters
  const used = store.cells.nextUsed(from, end)
  const next = comparison?.differences.next(from, used) ?? used
  return next === end ? clusters : next
}

function nextReferenced({ store, clusters }: SurveyContext, from: number): number {
  const end = Math.min(clusters, store.clusters)
  const next = from < end ? store.cells.nextUsed(from, end) : end
  return next === end ? clusters : next
}

/** Where refcount and references are the same, nothing but the references is kept. */
function storedOf({ store }: WalkContext, comparison: Comparison | undefined, cluster: number): number {
  if (comparison === undefined || cluster >= store.clusters) return 0
  return comparison.differences.storedOf(cluster) ?? store.cells.count(cluster)
}
