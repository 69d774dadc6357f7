import type { ClusterRange, Survey } from '../check/survey.ts'
import { Qcow2Error } from '../errors.ts'
import { proveNothingBehind } from '../plan/index.ts'
import { readUnreferenced } from '../plan/leaked-content.ts'
import { findEvidence } from '../recover/index.ts'
import type { Run } from './standing.ts'

/** Free clusters whose space can be given back, and those that are kept. */
export interface ReclaimPlan {
  /** Runs of whole blocks of the file system, bytes, ascending. */
  readonly ranges: readonly Run[]
  /** Their lengths together; parts that are holes already are among them. */
  readonly bytes: number
  /** Bytes of free clusters behind which there could be data: they stay. */
  readonly kept: number
}

export interface ReclaimPlanOptions {
  /** Bytes; punching less than a block of the file system gives nothing back. Default 4096. */
  readonly blockSize?: number
  readonly signal?: AbortSignal
}

/**
 * Which clusters with refcount 0 that nothing references can be given back to the file system: zeros, which read the same
 * from a hole, and tables of which the same is proven that lets a repair free a leaked one (plan/nothing-behind.ts). Data
 * and other tables stay: a damage that was "repaired" by declaring everything free that it had cut off looks just so.
 *
 * @throws Qcow2Error `refused`: the image is damaged, so that its refcounts prove nothing
 */
export async function planReclaim(survey: Survey, options: ReclaimPlanOptions = {}): Promise<ReclaimPlan> {
  const { image, verdict } = survey
  if (verdict !== 'consistent' && verdict !== 'leaks') {
    const why = 'is damaged: what is free can only be told in a sound image'
    throw new Qcow2Error('refused', image.source.name, why, { remedy: 'repair it first' })
  }
  const { blockSize = 4096, signal } = options
  const { clusterSize } = image.geometry
  const free = freeRanges(survey)
  const isWaste = await wasteAmong(survey, free, signal)
  const waste = free.flatMap((range) => partsOf(range, isWaste))
  const ranges = waste
    .map(({ first, count }) =>
      inward(first * clusterSize, (first + count) * clusterSize, blockSize, image.fileSize),
    )
    .filter(({ length }) => length > 0)
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0)
  return { ranges, bytes, kept: (clustersOf(free) - clustersOf(waste)) * clusterSize }
}

/** Says of a free cluster whether nothing is behind it. */
async function wasteAmong(
  survey: Survey,
  free: readonly ClusterRange[],
  signal: AbortSignal | undefined,
): Promise<(cluster: number) => boolean> {
  const { zero, tables } = await readUnreferenced(survey, free, signal)
  if (tables.length === 0) return (cluster) => zero.has(cluster)
  const suspect = withFree(survey, free)
  const evidence = await findEvidence(suspect, { ...(signal && { signal }) })
  const proof = await proveNothingBehind(suspect, { evidence, signal })
  return (cluster) => zero.has(cluster) || proof.mayFree(cluster)
}

function clustersOf(ranges: readonly ClusterRange[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0)
}

/** Clusters that neither a refcount nor a reference keeps; never the header. */
function freeRanges(survey: Survey): ClusterRange[] {
  const { clusters } = survey
  const found: ClusterRange[] = []
  let first = -1
  for (let cluster = 1; cluster <= clusters; cluster++) {
    const free = cluster < clusters && survey.referenced(cluster) === 0 && survey.stored(cluster) === 0
    if (free && first < 0) first = cluster
    if (free || first < 0) continue
    found.push({ first, count: cluster - first })
    first = -1
  }
  return found
}

/** The proof is about leaked clusters: a free one is looked at as if it were one, together with those that are. */
function withFree(survey: Survey, free: readonly ClusterRange[]): Survey {
  const leaked = [...survey.leaked, ...free].sort((a, b) => a.first - b.first)
  const isFree = (cluster: number) => survey.stored(cluster) === 0 && survey.referenced(cluster) === 0
  return {
    ...survey,
    leaked,
    stored: (cluster) => (cluster < survey.clusters && isFree(cluster) ? 1 : survey.stored(cluster)),
  }
}

function partsOf({ first, count }: ClusterRange, wanted: (cluster: number) => boolean): ClusterRange[] {
  const found: ClusterRange[] = []
  for (let cluster = first; cluster < first + count; cluster++) {
    const last = found.at(-1)
    if (!wanted(cluster)) continue
    if (last && last.first + last.count === cluster)
      found[found.length - 1] = { ...last, count: last.count + 1 }
    else found.push({ first: cluster, count: 1 })
  }
  return found
}

/** The whole blocks of the file system within a run of bytes. */
function inward(start: number, end: number, blockSize: number, fileSize: number): Run {
  const offset = Math.ceil(start / blockSize) * blockSize
  const limit = Math.floor(Math.min(end, fileSize) / blockSize) * blockSize
  return { offset, length: Math.max(0, limit - offset) }
}
