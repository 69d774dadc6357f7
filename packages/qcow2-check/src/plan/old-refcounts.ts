import type { Survey } from '../check/survey.ts'
import { getRefcount, LIMITS, REFTABLE_RESERVED_LOW, reftableOffset } from '../format/index.ts'
import type { UnreferencedContent } from './nothing-behind.ts'
import { readPadded } from './read-padded.ts'

/** Share of the referenced clusters whose refcount may be wrong in a block that is still believed to be one. */
const WRONG_SHARE = 1 / 8
/** Clusters that are tried as a block for an index. */
const MOST_TRIED = 65536

/** A refcount table that the header does not name, or not with its true length. */
export interface OldTable {
  /** Bytes. */
  readonly offset: number
  readonly clusters: number
}

/**
 * The refcount table as it was before the pointer to it was lost: every block that it names counts what is referenced.
 * Undefined if there is none, or more than one.
 *
 * @param look what the image is with a table for its refcounts
 */
export async function findOldTable(
  survey: Survey,
  { tables }: UnreferencedContent,
  look: (table: OldTable) => Promise<Survey>,
): Promise<OldTable | undefined> {
  const { image } = survey
  const { clusterSize, refcountBlockEntries: perBlock } = image.geometry
  const clusters = Math.ceil((Math.ceil(survey.clusters / perBlock) * 8) / clusterSize)
  const length = clusters * clusterSize
  if (length > LIMITS.refcountTable) return undefined
  const named = image.header.refcountTableOffset
  if (named > 0n && named < BigInt(image.fileSize) && named % BigInt(clusterSize) === 0n) {
    // With a wrong length it claims clusters of others; what is referenced is to be seen without that.
    const table = { offset: Number(named), clusters }
    if (await isTable(await look(table), table.offset, length)) return table
  }
  const found: OldTable[] = []
  for (const { cluster, shape } of tables) {
    const offset = cluster * clusterSize
    if (shape === 'pointers' && (await isTable(survey, offset, length))) found.push({ offset, clusters })
  }
  return found.length === 1 ? found[0] : undefined
}

async function isTable(survey: Survey, offset: number, length: number): Promise<boolean> {
  const { image } = survey
  const { clusterSize } = image.geometry
  const bytes = await readPadded(image.source, offset, length)
  const view = new DataView(bytes.buffer)
  const seen = new Set<number>()
  for (let at = 0; at < length; at += 8) {
    const low = view.getUint32(at + 4)
    const block = reftableOffset(view.getUint32(at), low)
    if (block === 0) continue
    if ((low & REFTABLE_RESERVED_LOW) !== 0 || block % clusterSize !== 0 || block >= image.fileSize)
      return false
    if (seen.has(block) || !(await isBlock(survey, block, at / 8))) return false
    seen.add(block)
  }
  return seen.size > 0
}

/** A block that nothing names, for an index of the table that has none; undefined if there is not just one. */
export async function findOldBlock(
  survey: Survey,
  { data, tables }: UnreferencedContent,
  index: number,
): Promise<number | undefined> {
  const { clusterSize } = survey.image.geometry
  const found: number[] = []
  let tried = 0
  for (const cluster of [...tables.map(({ cluster }) => cluster), ...data]) {
    if (++tried > MOST_TRIED) return undefined
    if (await isBlock(survey, cluster * clusterSize, index)) found.push(cluster * clusterSize)
  }
  return found.length === 1 ? found[0] : undefined
}

/** As block `index` its refcounts are, but for a few, those that the references ask for; its own among them. */
export async function isBlock(survey: Survey, offset: number, index: number): Promise<boolean> {
  const { image } = survey
  const { clusterSize, refcountBlockEntries: perBlock, refcountOrder } = image.geometry
  const own = offset / clusterSize
  const block = await readPadded(image.source, offset, clusterSize)
  const first = index * perBlock
  if (own >= first && own < first + perBlock && getRefcount(block, refcountOrder, own - first) !== 1)
    return false
  let referenced = 0
  let right = 0
  for (let cluster = first; cluster < Math.min(first + perBlock, survey.clusters); cluster++) {
    const references = survey.referenced(cluster)
    if (references === 0) continue
    referenced++
    if (getRefcount(block, refcountOrder, cluster - first) === references) right++
    else if (referenced - right > 16 && right === 0) return false
  }
  return right > 0 && referenced - right <= Math.max(1, referenced * WRONG_SHARE)
}
