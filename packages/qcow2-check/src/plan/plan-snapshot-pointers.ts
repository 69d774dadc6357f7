import type { Survey } from '../check/survey.ts'
import type { Evidence } from '../recover/index.ts'
import type { Draft } from './draft.ts'

/** Offset and number of entries of an L1 table, at the beginning of a snapshot's entry. */
const POINTER = 12

/**
 * A snapshot that has the L1 table of another disk, while its own is in the file, proven by the refcounts: it reads as
 * that other disk does, so that it takes consent to let it read what it held.
 */
export async function planSnapshotPointers(
  draft: Draft,
  { image, crossLinked }: Survey,
  { snapshots }: Evidence,
): Promise<boolean> {
  const { clusterSize } = image.geometry
  let changed = false
  for (const { id, l1, entryOffset, sound } of image.snapshots.entries) {
    if (!sound || !crossLinked.includes(l1.offset / clusterSize)) continue
    const found = snapshots.filter(({ entry, certain }) => certain && entry?.offset === entryOffset)
    const [own, other] = found
    if (!own?.entry?.mended || other !== undefined || own.l1.offset === l1.offset || own.rebuiltL1) continue
    const spec = {
      class: 'relink' as const,
      code: 'cross-link' as const,
      offset: entryOffset,
      why: `the L1 table of snapshot ${id} is another disk's; the one at ${own.l1.offset} is its own, as the refcounts prove`,
      guest: [{ offset: 0, length: own.diskSize }],
      disks: [id],
    }
    const edit = { offset: entryOffset, bytes: own.entry.bytes.slice(0, POINTER), phase: 'link' as const }
    changed = (await draft.act(spec, [edit])) || changed
  }
  return changed
}
