import type { Survey } from '../check/survey.ts'
import { getRefcount, LIMITS, REFTABLE_RESERVED_LOW, reftableOffset } from '../format/index.ts'
import type { UnreferencedContent } from './nothing-behind.ts'
import { readPadded } from './read-padded.ts'

/** Share of the referenced clusters whose refcount may be wrong in a block that is still believed to be one. */
const WRONG_SHARE = 1 / 8
/** Disks whose tables may be lost together with the refcounts: what they share with others is counted higher. */
const MOST_LOST = 16
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
    if (await isTable(await look(table), table.offset, length, MOST_LOST)) return table
  }
  const found: OldTable[] = []
  for (const { cluster, shape } of tables) {
    const offset = cluster * clusterSize
    if (shape === 'pointers' && (await isTable(survey, offset, length))) found.push({ offset, clusters })
  }
  return found.length === 1 ? found[0] : undefined
}

async function isTable(survey: Survey, offset: number, length: number, lost = 0): Promise<boolean> {
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
    if (seen.has(block) || !(await isBlock(survey, block, at / 8, lost))) return false
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
  const likely: number[] = []
  let tried = 0
  for (const cluster of [...tables.map(({ cluster }) => cluster), ...data]) {
    if (++tried > MOST_TRIED) return undefined
    const offset = cluster * clusterSize
    const block = await readPadded(survey.image.source, offset, clusterSize)
    if (counts(survey, block, { own: cluster, index, lost: 0 })) found.push(offset)
    else if (counts(survey, block, { own: cluster, index, lost: MOST_LOST })) likely.push(offset)
  }
  const best = found.length > 0 ? found : likely
  return best.length === 1 ? best[0] : undefined
}

/** As block `index` its refcounts are, but for a few, those that the references ask for; its own among them. */
export async function isBlock(survey: Survey, offset: number, index: number, lost = 0): Promise<boolean> {
  return counts(survey, await readPadded(survey.image.source, offset, survey.image.geometry.clusterSize), {
    own: offset / survey.image.geometry.clusterSize,
    index,
    lost,
  })
}

interface Place {
  /** The cluster that the block is. */
  readonly own: number
  readonly index: number
  /** References that a cluster may have lost with a table. */
  readonly lost: number
}

function counts({ image, clusters, referenced }: Survey, block: Uint8Array, { own, index, lost }: Place) {
  const { refcountBlockEntries: perBlock, refcountOrder } = image.geometry
  const first = index * perBlock
  const countsItself = own >= first && own < first + perBlock
  if (countsItself ? getRefcount(block, refcountOrder, own - first) !== 1 : lost > 0) return false
  let all = 0
  let right = 0
  let high = 0
  for (let cluster = first; cluster < first + perBlock; cluster++) {
    const inFile = cluster < clusters
    if (!inFile && lost === 0) break
    const references = inFile ? referenced(cluster) : 0
    const more = getRefcount(block, refcountOrder, cluster - first) - references
    if (references === 0) {
      if (lost > 0 && more > (inFile ? lost : 0)) return false
      continue
    }
    all++
    if (more === 0) right++
    else if (more > 0 && more <= lost) high++
    else if (all - right - high > 16 && right === 0) return false
  }
  // What is merely not too low is no proof: of what a lost table doesn't map the refcounts are right.
  return right > 0 && high <= right * 2 && all - right - high <= Math.max(1, all * WRONG_SHARE)
}
