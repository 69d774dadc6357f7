import type { Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, compressedExtent, entryOffset, OFFSET_HIGH, OFFSET_LOW } from '../format/index.ts'
import { disksOf, readL2 } from './disk-tables.ts'
import { l2RulesOf } from './l2-entry.ts'
import type { LeakedContent } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'
import { snapshotL1Offsets } from './table-shape.ts'

/** Live L1 tables that an orphan is compared with; more snapshots than this, and it counts as unique. */
const MOST_L1_BYTES = 64 * 1024 * 1024

/**
 * Orphan tables that say nothing which a living table doesn't say at the same place: the copy of the active L1 table
 * that an interrupted `snapshot -c` leaves, the old L1 table after growing, an L2 table being copied. What they point to
 * stays where it is without them. So does an old snapshot table, if no L1 table is lost that it names.
 */
export async function redundantTables(
  survey: Survey,
  { tables, zero }: Pick<LeakedContent, 'tables' | 'zero'>,
): Promise<ReadonlySet<number>> {
  const redundant = await repeatedPointers(
    survey,
    tables.filter(({ shape }) => shape === 'pointers').map(({ cluster }) => cluster),
  )
  const { image } = survey
  const { clusterSize } = image.geometry
  const rules = l2RulesOf(image)
  for (const { cluster, shape } of tables) {
    if (shape !== 'snapshots') continue
    const view = await readL2(image, cluster * clusterSize)
    const unknown = [...snapshotL1Offsets(view, rules)].some((offset) => {
      const l1 = offset / clusterSize
      const leaked = survey.stored(l1) > 0 && survey.referenced(l1) === 0
      return leaked && !redundant.has(l1) && !zero.has(l1)
    })
    if (!unknown) redundant.add(cluster)
  }
  return redundant
}

async function repeatedPointers(survey: Survey, tables: readonly number[]): Promise<Set<number>> {
  const { image } = survey
  const { clusterSize } = image.geometry
  const redundant = new Set<number>()
  if (tables.length === 0) return redundant
  const unique: { cluster: number; view: DataView }[] = []
  const slices = await l1Slices(survey)
  for (const cluster of tables) {
    const view = await readL2(image, cluster * clusterSize)
    if (slices.some((slice) => repeats(view, slice, offsetOnly))) redundant.add(cluster)
    else unique.push({ cluster, view })
  }
  const anchors = new Map(
    unique.map(({ view, cluster }) => [cluster, firstTarget(view, image.geometry.clusterBits)]),
  )
  const targets = new Set(
    [...anchors.values()].filter((target) => target !== undefined && survey.referenced(target) > 0),
  )
  if (targets.size === 0) return redundant
  const owners = await survey.ownersOf(targets as ReadonlySet<number>)
  for (const { cluster, view } of unique) {
    for (const owner of owners.get(anchors.get(cluster) ?? -1) ?? []) {
      if (owner.kind !== 'data' && owner.kind !== 'compressed') continue
      if (!repeats(view, await readL2(image, owner.l2Offset), withoutCopied)) continue
      redundant.add(cluster)
      break
    }
  }
  return redundant
}

/** The L1 tables of all disks in pieces of a cluster. */
async function l1Slices({ image }: Survey): Promise<readonly DataView[]> {
  const { clusterSize } = image.geometry
  const slices: DataView[] = []
  let total = 0
  for (const { l1 } of disksOf(image)) {
    total += l1.entries * 8
    if (total > MOST_L1_BYTES) break
    const bytes = await readPadded(
      image.source,
      l1.offset,
      Math.ceil((l1.entries * 8) / clusterSize) * clusterSize,
    )
    bytes.fill(0, l1.entries * 8)
    for (let at = 0; at < bytes.length; at += clusterSize)
      slices.push(new DataView(bytes.buffer, at, clusterSize))
  }
  return slices
}

type Mask = (high: number, low: number) => { readonly high: number; readonly low: number }
const offsetOnly: Mask = (high, low) => ({ high: high & OFFSET_HIGH, low: low & OFFSET_LOW })
const withoutCopied: Mask = (high, low) => ({ high: high & 0x7fff_ffff, low })

/** Every entry of `table` that is not empty stands in `living` at the same place. */
function repeats(table: DataView, living: DataView, mask: Mask): boolean {
  for (let at = 0; at + 8 <= table.byteLength; at += 8) {
    const high = table.getUint32(at)
    const low = table.getUint32(at + 4)
    if (high === 0 && low === 0) continue
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
