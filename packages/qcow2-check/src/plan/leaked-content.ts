import type { ClusterRange, Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, compressedExtent, entryOffset } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { l2RulesOf } from './l2-entry.ts'
import { readInto } from './read-padded.ts'
import { type TableShape, tableShape } from './table-shape.ts'

/** Bytes read at once. */
const CHUNK = 4 * 1024 * 1024
/** Bytes of zeros that are read at most: a sparse file of a few MiB may claim terabytes of leaks. */
const MOST_ZEROS = 32 * 2 ** 30
/** Bytes of zeros after which it is asked of every range whether it is a hole. */
const MANY_ZEROS = 2 ** 30

export interface LeakedTable {
  readonly cluster: number
  readonly shape: TableShape
}

/** What stands in the leaked clusters of an image. */
export interface LeakedContent {
  /** All zeros. */
  readonly zero: ClusterSet
  /** Neither zeros nor a table. */
  readonly data: ClusterSet
  /** Could be tables; they are in none of the sets above. */
  readonly tables: readonly LeakedTable[]
  /** Clusters that nothing living references and the tables point to. */
  readonly targets: ClusterSet
  /** Some clusters were not looked at; they are in no set. */
  readonly incomplete: boolean
}

/**
 * Reads clusters that nothing references; those that can't be read are in no set.
 *
 * @param ranges leaked ones, and those whose refcount says nothing
 */
export async function readUnreferenced(
  survey: Survey,
  ranges: Iterable<ClusterRange>,
  signal?: AbortSignal,
): Promise<LeakedContent> {
  const { image } = survey
  const rules = l2RulesOf(image)
  const { clusterSize, clusterBits } = image.geometry
  const zero = new ClusterSet()
  const data = new ClusterSet()
  const targets = new ClusterSet()
  const tables: LeakedTable[] = []
  const zeros = Buffer.alloc(Math.max(CHUNK, clusterSize))
  const buffer = Buffer.alloc(zeros.length)
  const perRead = buffer.length / clusterSize
  let zerosLeft = MOST_ZEROS
  let incomplete = false
  const isUnreferenced = (cluster: number) => cluster < survey.clusters && survey.referenced(cluster) === 0
  for (const { first, count } of ranges) {
    for (let cluster = first; cluster < first + count; cluster += perRead) {
      signal?.throwIfAborted()
      if (zerosLeft <= 0) return { zero, data, tables, targets, incomplete: true }
      const clusters = Math.min(perRead, first + count - cluster)
      // Asking starts a program: not for what is read sooner.
      const worthAsking = count >= 4 * perRead || MOST_ZEROS - zerosLeft > MANY_ZEROS
      const sparse = worthAsking && image.source.isHole !== undefined
      if (sparse && image.source.isHole?.(cluster * clusterSize, clusters * clusterSize)) {
        zero.addRange({ first: cluster, count: clusters })
        continue
      }
      const bytes = buffer.subarray(0, clusters * clusterSize)
      try {
        if (sparse) await readAroundHoles(image.source, bytes, cluster * clusterSize, clusterSize)
        else await readInto(image.source, bytes, cluster * clusterSize)
      } catch {
        incomplete = true
        continue
      }
      if (bytes.equals(zeros.subarray(0, bytes.length))) {
        zero.addRange({ first: cluster, count: clusters })
        zerosLeft -= bytes.length
        continue
      }
      for (let index = 0; index < clusters; index++) {
        const one = bytes.subarray(index * clusterSize, (index + 1) * clusterSize)
        if (one.equals(zeros.subarray(0, clusterSize))) zero.add(cluster + index)
        else {
          const shape = tableShape(one, rules)
          if (shape === undefined) data.add(cluster + index)
          else tables.push({ cluster: cluster + index, shape })
          if (shape === 'pointers') addTargets(one, clusterBits, isUnreferenced, targets)
        }
      }
    }
  }
  return { zero, data, tables, targets, incomplete }
}

/** One table in megabytes of holes is read alone. */
async function readAroundHoles(
  source: BlockSource,
  target: Uint8Array,
  offset: number,
  clusterSize: number,
): Promise<void> {
  let begin = 0
  for (let at = 0; at <= target.length; at += clusterSize) {
    if (at < target.length && source.isHole?.(offset + at, clusterSize) !== true) continue
    if (at > begin) await readInto(source, target.subarray(begin, at), offset + begin)
    if (at < target.length) target.fill(0, at, at + clusterSize)
    begin = at + clusterSize
  }
}

/** Every cluster that an entry of an L1, L2 or bitmap table may mean. */
export function addTargets(
  table: Uint8Array,
  clusterBits: number,
  wanted: (cluster: number) => boolean,
  into: ClusterSet,
): void {
  const clusterSize = 2 ** clusterBits
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  for (let at = 0; at + 8 <= table.length; at += 8) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    if (high === 0 && low === 0) continue
    if ((high & COMPRESSED_HIGH) !== 0) {
      const { sectorStart, sectors } = compressedExtent(high, low, clusterBits)
      const last = Math.floor((sectorStart + sectors * 512 - 1) / clusterSize)
      for (let cluster = Math.floor(sectorStart / clusterSize); cluster <= last; cluster++)
        if (wanted(cluster)) into.add(cluster)
    } else {
      const cluster = Math.floor(entryOffset(high, low) / clusterSize)
      if (cluster > 0 && wanted(cluster)) into.add(cluster)
    }
  }
}
