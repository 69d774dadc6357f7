import type { Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, compressedExtent, entryOffset, OFFSET_HIGH, OFFSET_LOW } from '../format/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { distinctDisks, readL2 } from './disk-tables.ts'
import { l2RulesOf } from './l2-entry.ts'
import { addTargets, type LeakedContent, type LeakedTable } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'
import { snapshotL1Offsets } from './table-shape.ts'

/** Live L1 tables that an orphan is compared with; more snapshots than this, and it counts as unique. */
const MOST_L1_BYTES = 64 * 1024 * 1024
/** Orphans times pieces of L1 tables: with more, the orphans that are left count as unique. */
const MOST_COMPARED = 2 ** 23

export interface RedundantTables {
  /** Guest data may be such a copy too: of an image within the image. */
  readonly clusters: ReadonlySet<number>
  /** Of these, the ones that refcounts account for: what they point to is counted once more. */
  readonly counted: ReadonlySet<number>
  /** L1 tables among them that are a copy of a whole living one: what it reaches has a reference more for each. */
  readonly l1Copies: readonly number[]
}

/**
 * Orphan tables that say nothing which a living table doesn't say at the same place: the copy of the active L1 table
 * that an interrupted `snapshot -c` leaves, the old L1 table after growing, an L2 table being copied. What they point to
 * stays where it is without them. So does an old snapshot table, if no L1 table is lost that it names.
 *
 * @param whole clusters of L1 tables of which it is proven that they are those of a snapshot: only if such a snapshot is
 *   the very same as a living disk, it says nothing
 */
export async function redundantTables(
  survey: Survey,
  { tables, zero }: Pick<LeakedContent, 'tables' | 'zero'>,
  whole: ReadonlySet<number>,
): Promise<RedundantTables> {
  const pointers = tables.filter(({ shape }) => shape === 'pointers').map(({ cluster }) => cluster)
  const { clusters, l1Copies } = await repeatedPointers(survey, pointers, whole)
  const { image } = survey
  const { clusterSize } = image.geometry
  const rules = l2RulesOf(image)
  for (const { cluster, shape } of tables) {
    if (shape !== 'snapshots' && !pointers.includes(cluster)) continue
    const view = await readL2(image, cluster * clusterSize)
    const named = [...snapshotL1Offsets(view, rules)].map((offset) => offset / clusterSize)
    const unknown = named.some((l1) => isLeaked(survey, l1) && !clusters.has(l1) && !zero.has(l1))
    if (named.length > 0 && !unknown) clusters.add(cluster)
  }
  await takeOutNamed(survey, tables, clusters)
  const copies = l1Copies.filter((cluster) => clusters.has(cluster))
  const counted = new Set<number>()
  for (const cluster of copies) if (await isCounted(survey, cluster)) counted.add(cluster)
  for (const { cluster } of tables) {
    if (!clusters.has(cluster) || counted.has(cluster)) continue
    const view = await readL2(image, cluster * clusterSize)
    const named = [...snapshotL1Offsets(view, rules)].map((offset) => offset / clusterSize)
    if (named.some((l1) => counted.has(l1) || (isLeaked(survey, l1) && zero.has(l1)))) counted.add(cluster)
  }
  return { clusters, counted, l1Copies: copies.filter((cluster) => counted.has(cluster)) }
}

/** Every L2 table that an L1 table points to has a reference more than is known. */
async function isCounted(survey: Survey, cluster: number): Promise<boolean> {
  const { clusterSize } = survey.image.geometry
  const view = await readL2(survey.image, cluster * clusterSize)
  for (let at = 0; at < clusterSize; at += 8) {
    const l2 = entryOffset(view.getUint32(at), view.getUint32(at + 4)) / clusterSize
    if (l2 > 0 && survey.stored(l2) <= survey.referenced(l2)) return false
  }
  return true
}

function isLeaked(survey: Survey, cluster: number): boolean {
  return survey.stored(cluster) > 0 && survey.referenced(cluster) === 0
}

/** What a table points to that does say something belongs to it, copy or not. */
async function takeOutNamed(
  survey: Survey,
  tables: readonly LeakedTable[],
  redundant: Set<number>,
): Promise<void> {
  const { clusterBits, clusterSize } = survey.image.geometry
  const queue = tables.filter(({ cluster }) => !redundant.has(cluster)).map(({ cluster }) => cluster)
  for (let cluster = queue.pop(); cluster !== undefined; cluster = queue.pop()) {
    const named = new ClusterSet()
    const bytes = await readPadded(survey.image.source, cluster * clusterSize, clusterSize)
    addTargets(bytes, clusterBits, (target) => redundant.has(target), named)
    for (const target of named) {
      redundant.delete(target)
      queue.push(target)
    }
  }
}

async function repeatedPointers(
  survey: Survey,
  pointers: readonly number[],
  whole: ReadonlySet<number>,
): Promise<{ clusters: Set<number>; l1Copies: number[] }> {
  const { image } = survey
  const { clusterSize, clusterBits } = image.geometry
  const clusters = new Set<number>()
  const l1Copies: number[] = []
  if (pointers.length === 0) return { clusters, l1Copies }
  const unique: { cluster: number; view: DataView; anchor: number | undefined }[] = []
  const all = await l1Slices(survey)
  const enough = Math.floor(MOST_COMPARED / Math.max(1, all.length))
  for (const [number, cluster] of pointers.entries()) {
    const slices = number < enough ? all : []
    const view = await readL2(image, cluster * clusterSize)
    const same = slices.some((slice) => repeats(view, slice, offsetOnly, true))
    if (same) l1Copies.push(cluster)
    if (same || (!whole.has(cluster) && slices.some((slice) => repeats(view, slice, offsetOnly, false))))
      clusters.add(cluster)
    else unique.push({ cluster, view, anchor: firstTarget(view, clusterBits) })
  }
  const anchors = new Set<number>()
  for (const { anchor } of unique)
    if (anchor !== undefined && survey.referenced(anchor) > 0) anchors.add(anchor)
  if (anchors.size === 0) return { clusters, l1Copies }
  const owners = await survey.ownersOf(anchors)
  for (const { cluster, view, anchor } of unique) {
    for (const owner of owners.get(anchor ?? -1) ?? []) {
      if (owner.kind !== 'data' && owner.kind !== 'compressed') continue
      if (!repeats(view, await readL2(image, owner.l2Offset), withoutCopied, true)) continue
      clusters.add(cluster)
      break
    }
  }
  return { clusters, l1Copies }
}

/** The L1 tables of all disks in pieces of a cluster. */
async function l1Slices({ image }: Survey): Promise<readonly DataView[]> {
  const { clusterSize } = image.geometry
  const slices: DataView[] = []
  let total = 0
  for (const { l1 } of distinctDisks(image)) {
    total += l1.entries * 8
    if (total > MOST_L1_BYTES) break
    const bytes = new Uint8Array(Math.ceil((l1.entries * 8) / clusterSize) * clusterSize)
    bytes.set(await readPadded(image.source, l1.offset, l1.entries * 8))
    // An orphan that points somewhere is like no piece of zeros.
    for (let at = 0; at < bytes.length; at += clusterSize)
      if (bytes.subarray(at, at + clusterSize).some((byte) => byte !== 0))
        slices.push(new DataView(bytes.buffer, at, clusterSize))
  }
  return slices
}

type Mask = (high: number, low: number) => { readonly high: number; readonly low: number }
const offsetOnly: Mask = (high, low) => ({ high: high & OFFSET_HIGH, low: low & OFFSET_LOW })
const withoutCopied: Mask = (high, low) => ({ high: high & 0x7fff_ffff, low })

/** @param exactly every entry is the same; else only those that are not empty in `table` */
function repeats(table: DataView, living: DataView, mask: Mask, exactly: boolean): boolean {
  for (let at = 0; at + 8 <= table.byteLength; at += 8) {
    const high = table.getUint32(at)
    const low = table.getUint32(at + 4)
    if (!exactly && high === 0 && low === 0) continue
    const one = mask(high, low)
    const other = mask(living.getUint32(at), living.getUint32(at + 4))
    if (one.high !== other.high || one.low !== other.low) return false
  }
  return true
}

function firstTarget(table: DataView, clusterBits: number): number | undefined {
  const clusterSize = 2 ** clusterBits
  for (let at = 0; at + 8 <= table.byteLength; at += 8) {
    const high = table.getUint32(at)
    const low = table.getUint32(at + 4)
    if ((high & COMPRESSED_HIGH) !== 0)
      return Math.floor(compressedExtent(high, low, clusterBits).host / clusterSize)
    const offset = entryOffset(high, low)
    if (offset > 0) return Math.floor(offset / clusterSize)
  }
  return undefined
}
