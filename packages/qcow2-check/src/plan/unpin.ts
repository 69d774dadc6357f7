import type { Survey } from '../check/survey.ts'
import { decodeBitmapEntry, entryOffset } from '../format/index.ts'
import { isPin } from '../image/index.ts'
import { directoryEdits, readDirectory } from './bitmap-directory.ts'
import type { Draft, Edit } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import { readPadded } from './read-padded.ts'

/**
 * Takes clusters out of a pin that a repair has found an owner for: an entry of the pin's table goes for each reference
 * that came, so that the refcount is right as it stands. A pin that keeps nothing any more goes altogether: QEMU doesn't
 * go back to a snapshot as long as there is one.
 *
 * @param before and after: surveys without pins, of the image and of the overlay
 */
export async function unpinOwned(
  draft: Draft,
  before: Survey,
  after: Survey,
  space: FreeSpace,
): Promise<boolean> {
  const { image } = after
  const { clusterSize } = image.geometry
  const directory = await readDirectory(draft, image)
  const came = cameBetween(before, after)
  const kept: Uint8Array[] = []
  const edits: Edit[] = []
  const released: number[] = [...directory.clusters]
  let first = 0
  let taken = 0
  for (const bytes of directory.entries) {
    const entry = decodeBitmapEntry(bytes)
    const pin = isPin(entry, new TextDecoder().decode(entry.name))
    const offset = Number(entry.tableOffset)
    const own = pin && image.owned.some((range) => range.kind === 'bitmap-table' && range.offset === offset)
    const table = await readPadded(draft.overlay, offset, own ? entry.tableSize * 8 : 0)
    const zeroed = own ? ownedEntries(table, clusterSize, came) : []
    taken += zeroed.length
    if (zeroed.length > 0 && first === 0) first = offset
    for (const at of zeroed) table.fill(0, at, at + 8)
    if (!own || zeroed.length === 0 || table.some((byte) => byte !== 0)) {
      kept.push(bytes)
      for (const at of zeroed) edits.push({ offset: offset + at, bytes: new Uint8Array(8), phase: 'header' })
    } else for (let at = 0; at < table.length; at += clusterSize) released.push((offset + at) / clusterSize)
  }
  if (taken === 0) return false
  const shorter = kept.length < directory.entries.length
  const anew = shorter ? await directoryEdits(draft, image, kept, space) : undefined
  const spec = {
    class: 'restore-mapping' as const,
    code: 'clusters-pinned' as const,
    offset: first,
    why: `${taken} of the clusters that a bitmap keeps ${taken === 1 ? 'has its' : 'have their'} owner again: it lets go of them`,
  }
  const done = await draft.act(spec, [...edits, ...(anew ?? [])])
  if (done && anew) for (const cluster of released) draft.released.add(cluster)
  return done
}

/** Tells, once for each, that a reference to a cluster came. */
function cameBetween(before: Survey, after: Survey): (cluster: number) => boolean {
  const told = new Map<number, number>()
  return (cluster) => {
    if (cluster === 0 || cluster >= before.clusters) return false
    const count = told.get(cluster) ?? 0
    if (after.referenced(cluster) - before.referenced(cluster) <= count) return false
    told.set(cluster, count + 1)
    return true
  }
}

/** Where in the table they stand, bytes. */
function ownedEntries(
  table: Uint8Array,
  clusterSize: number,
  came: (cluster: number) => boolean,
): readonly number[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  const found: number[] = []
  for (let at = 0; at + 8 <= table.length; at += 8)
    if (came(entryOffset(view.getUint32(at), view.getUint32(at + 4)) / clusterSize)) found.push(at)
  return found
}
