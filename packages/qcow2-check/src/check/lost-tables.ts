import type { L2References } from './l2-references.ts'
import type { ClusterRange } from './survey.ts'
import { saysCopied, tableTargets } from './table-shapes.ts'
import type { WalkContext } from './walk-context.ts'

/** Leaked clusters that are read to see whether they are tables, and bytes of them. */
const MOST_READ = 8192
const MOST_BYTES = 2 ** 26
/** Targets of tables that are kept. */
const MOST_TARGETS = 2 ** 20

/** A leaked cluster that is a table, by what it points to. */
export interface LostTable {
  readonly cluster: number
  readonly kind: 'l1' | 'l2'
  readonly targets: Uint32Array
  /** It has COPIED flags: it was made for the active disk after the last snapshot. */
  readonly copied: boolean
}

type Candidate = Pick<LostTable, 'targets' | 'copied'>

/**
 * Finds tables among leaked clusters. An L1 table points to L2 tables, lost ones or those that are in use; an L2 table to
 * clusters that have a reference too few for their refcount.
 */
export async function findLostTables(
  context: WalkContext,
  leaked: readonly ClusterRange[],
  references: L2References,
  isLost: (cluster: number) => boolean,
): Promise<LostTable[]> {
  const candidates = await readCandidates(context, leaked)
  const inUse = references.cluster.slice(0, references.count).sort()
  const isTable = (cluster: number) => candidates.has(cluster) || includes(inUse, cluster)
  const tables: LostTable[] = []
  for (const [cluster, { targets, copied }] of candidates) {
    const l2Tables = countOf(targets, isTable)
    // Nothing counts the references to clusters of another file.
    const lost = context.image.features.externalData ? targets.length : countOf(targets, isLost)
    const l1 = l2Tables * 10 >= targets.length * 9
    if (l1 && !context.image.features.externalData) tables.push({ cluster, kind: 'l1', targets, copied })
    else if (lost * 2 >= targets.length) tables.push({ cluster, kind: 'l2', targets, copied })
  }
  return tables
}

async function readCandidates(
  context: WalkContext,
  leaked: readonly ClusterRange[],
): Promise<Map<number, Candidate>> {
  const { image, reader } = context
  const { clusterSize } = image.geometry
  const found = new Map<number, Candidate>()
  const bytes = new Uint8Array(clusterSize)
  let reads = Math.min(MOST_READ, Math.max(16, MOST_BYTES / clusterSize))
  let room = MOST_TARGETS
  for (const { first, count } of leaked) {
    for (let cluster = first; cluster < first + count; cluster++) {
      if (reads-- <= 0 || room <= 0) return found
      // Guest data shows at once that it is no table.
      const head = bytes.subarray(0, 512)
      const pending = reader.fill(head, cluster * clusterSize)
      if (typeof pending !== 'boolean') await pending
      const turn = reader.breathe()
      if (turn) await turn
      if (!isZero(head) && tableTargets(context, head) === undefined) continue
      const all = reader.fill(bytes, cluster * clusterSize)
      if (typeof all !== 'boolean') await all
      const targets = tableTargets(context, bytes)
      if (targets === undefined) continue
      room -= targets.length
      found.set(cluster, { targets, copied: saysCopied(context, bytes) })
    }
  }
  return found
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

function countOf(targets: Uint32Array, is: (cluster: number) => boolean): number {
  let count = 0
  for (const target of targets) if (is(target)) count++
  return count
}

function includes(sorted: Uint32Array, value: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return sorted[low] === value
}
