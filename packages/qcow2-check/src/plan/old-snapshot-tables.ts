import type { Survey } from '../check/survey.ts'
import type { CarvedEntry, Evidence } from '../recover/index.ts'
import { readPadded } from './read-padded.ts'

/**
 * Leaked clusters that hold a snapshot table of before, and nothing else: QEMU writes a new table for each change, and
 * all that this one lists stands in the one that the header names.
 */
export async function oldSnapshotTables(
  { image, clusters, referenced }: Survey,
  evidence: Evidence | undefined,
): Promise<readonly number[]> {
  const { source, snapshots, geometry } = image
  const { clusterSize } = geometry
  if (evidence === undefined || !snapshots.complete) return []
  const known = new Set(snapshots.entries.map(keyOf))
  const listed = (entry: CarvedEntry) => !entry.mended && known.has(keyOf(entry))
  const found: number[] = []
  for (const { current, whole, offset, length, entries } of evidence.tables) {
    if (current || !whole || offset % clusterSize !== 0) continue
    const first = offset / clusterSize
    const count = Math.ceil(length / clusterSize)
    // Before its entries are looked at: a tail of a long table is a table too, and there is one for each of its clusters.
    if (first + count > clusters || referenced(first) > 0) continue
    const own = Array.from({ length: count }, (_, at) => first + at)
    if (own.some((cluster) => referenced(cluster) > 0) || !entries.every(listed)) continue
    const rest = await readPadded(source, offset + length, count * clusterSize - length)
    if (rest.every((byte) => byte === 0)) found.push(...own)
  }
  return found
}

const keyOf = ({ l1, id, name }: Pick<CarvedEntry, 'l1' | 'id' | 'name'>): string =>
  JSON.stringify([l1.offset, l1.entries, id, name])

/** The header names a table that has no refcount yet: QEMU counts the new one first, and frees the old one last. */
export function wasBeingReplaced({ image, stored, clusters }: Survey): boolean {
  const first = image.snapshots.offset / image.geometry.clusterSize
  return first > 0 && first < clusters && stored(first) === 0
}
