import type { ClusterRange } from '../../check/survey.ts'
import { isZero } from '../../format/zeros.ts'
import type { Budget } from '../reading/budget.ts'
import { inBytes } from '../reading/candidate-ranges.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import { decodeL1, type L1Entries } from '../reading/l1-entries.ts'
import { isL2Shaped, readL2 } from '../reading/l2-entries.ts'
import type { TableRules } from '../reading/table-rules.ts'

/** Bytes of a cluster that tell data from a table in nearly every case. */
const HEAD = 4096
/** Targets remembered of what may be an L1 table. */
const SAMPLES = 8
/** Empty clusters that are remembered; they may be parts of L1 tables. */
const MOST_ZEROS = 65536
/** Clusters looked at together. */
const BATCH = 4096

/** A cluster that nothing references and that has the shape of a table, or is empty. */
export interface ShapedCluster {
  readonly offset: number
  /** `table`: an L2 table, or an L1 table where `samples` is there; `zero`: nothing but zeros. */
  readonly kind: 'table' | 'zero'
  /** Entries with the COPIED flag: only tables of the active disk have them. */
  readonly copied: number
  readonly mapped: number
  /** Offsets that some entries point to, where the entries can be those of an L1 table; with their indexes. */
  readonly samples?: readonly { readonly index: number; readonly offset: number }[]
}

export interface ScanContext {
  readonly reader: ClusterReader
  readonly budget: Budget
  readonly rules: TableRules
  /** The fewest entries that an L1 table of this image has. Behind its last entry a cluster may hold anything. */
  readonly l1Entries: number
}

/** Finds clusters that can be tables; what is surely something else is dropped after its first bytes. */
export async function scanShapes(
  ranges: Iterable<ClusterRange>,
  context: ScanContext,
): Promise<ShapedCluster[]> {
  const { reader, budget, rules } = context
  const shapes: ShapedCluster[] = []
  const { clusterSize } = rules.geometry
  const l1Bytes = (context.l1Entries * 8) % clusterSize || clusterSize
  let zeros = 0
  const keepZero = (offset: number) => {
    if (zeros++ < MOST_ZEROS) shapes.push({ offset, kind: 'zero', copied: 0, mapped: 0 })
  }
  const keep = (offset: number, bytes: Uint8Array) => {
    if (isZero(bytes)) {
      keepZero(offset)
      return
    }
    const shape = shapeOf(offset, bytes, l1Bytes, rules)
    if (shape && budget.take('candidates')) shapes.push(shape)
  }
  let batch: number[] = []
  const flush = async () => {
    const likely = clusterSize > 4 * HEAD ? await likelyTables(batch, l1Bytes, context) : batch
    batch = []
    return likely !== undefined && (await reader.clusters(likely, keep))
  }
  for (const { offset: start, length, hole } of reader.byHoles(inBytes(ranges, clusterSize))) {
    const end = start + length
    if (hole) {
      if (batch.length > 0 && !(await flush())) return shapes
      for (let offset = start; offset < end && zeros < MOST_ZEROS; offset += clusterSize) keepZero(offset)
      continue
    }
    for (let offset = start; offset < end; offset += clusterSize) {
      batch.push(offset)
      if (batch.length === BATCH && !(await flush())) return shapes
    }
  }
  await flush()
  return shapes
}

async function likelyTables(
  offsets: readonly number[],
  l1Bytes: number,
  { reader, rules }: ScanContext,
): Promise<number[] | undefined> {
  const likely: number[] = []
  for (const offset of offsets) {
    const head = await reader.range(offset, HEAD)
    if (head === undefined) return undefined
    if (readL2(head, rules, undefined, 0).invalid === 0 || asL1(head, l1Bytes, rules)) likely.push(offset)
  }
  return likely
}

function shapeOf(
  offset: number,
  bytes: Uint8Array,
  l1Bytes: number,
  rules: TableRules,
): ShapedCluster | undefined {
  const contents = readL2(bytes, rules, undefined, 0)
  const l1 = asL1(bytes, l1Bytes, rules)
  if (contents.invalid === 0 && contents.mapped + contents.zero + contents.beyond === 0)
    return { offset, kind: 'zero', copied: 0, mapped: 0 }
  if (!l1 && !isL2Shaped(contents)) return undefined
  const shape = { offset, kind: 'table' as const, copied: contents.copied, mapped: contents.mapped }
  return l1 ? { ...shape, samples: samplesOf(l1.l2s) } : shape
}

function asL1(bytes: Uint8Array, l1Bytes: number, rules: TableRules): L1Entries | undefined {
  const l1 = decodeL1(bytes.subarray(0, l1Bytes), rules)
  return l1.invalid === 0 && l1.reserved === 0 && l1.used > 0 ? l1 : undefined
}

function samplesOf(l2s: Float64Array): { index: number; offset: number }[] {
  const samples: { index: number; offset: number }[] = []
  for (let index = 0; index < l2s.length && samples.length < SAMPLES; index++) {
    const offset = l2s[index] as number
    if (offset > 0) samples.push({ index, offset })
  }
  return samples
}
