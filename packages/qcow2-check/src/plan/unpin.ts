import type { Survey } from '../check/survey.ts'
import { entryOffset } from '../format/index.ts'
import { pinNumber } from '../image/index.ts'
import type { Draft, Edit } from './draft.ts'
import { readPadded } from './read-padded.ts'

/**
 * Takes clusters out of a pin that a repair has found an owner for: an entry of the pin's table goes for each reference
 * that came, so that the refcount is right as it stands.
 *
 * @param before and after: surveys without pins, of the image and of the overlay
 */
export async function unpinOwned(draft: Draft, before: Survey, after: Survey): Promise<boolean> {
  const { owned, geometry } = after.image
  const { clusterSize } = geometry
  const taken = new Map<number, number>()
  let changed = false
  for (const { offset, length, bitmap } of pinTables(before)) {
    // A repair of the bitmaps may have taken the table itself.
    if (!owned.some((range) => range.kind === 'bitmap-table' && range.offset === offset)) continue
    const bytes = await readPadded(draft.overlay, offset, length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const edits: Edit[] = []
    for (let at = 0; at + 8 <= length; at += 8) {
      const cluster = entryOffset(view.getUint32(at), view.getUint32(at + 4)) / clusterSize
      if (cluster === 0 || cluster >= before.clusters) continue
      const more = after.referenced(cluster) - before.referenced(cluster) - (taken.get(cluster) ?? 0)
      if (more <= 0) continue
      taken.set(cluster, (taken.get(cluster) ?? 0) + 1)
      const last = edits.at(-1)
      const grown = last !== undefined && last.offset + last.bytes.length === offset + at
      if (grown) edits[edits.length - 1] = { ...last, bytes: new Uint8Array(last.bytes.length + 8) }
      else edits.push({ offset: offset + at, bytes: new Uint8Array(8), phase: 'header' })
    }
    if (edits.length === 0) continue
    const freed = edits.reduce((sum, { bytes: { length: size } }) => sum + size / 8, 0)
    const spec = {
      class: 'restore-mapping' as const,
      code: 'clusters-pinned' as const,
      offset,
      why: `${freed} of the clusters that ${bitmap} keeps ${freed === 1 ? 'has its' : 'have their'} owner again: the bitmap lets go of them`,
    }
    changed = (await draft.act(spec, edits)) || changed
  }
  return changed
}

function* pinTables({ image }: Survey) {
  const pins = new Set(
    image.bitmaps.filter(({ inUse, name }) => inUse && pinNumber(name) !== undefined).map(({ name }) => name),
  )
  for (const range of image.owned)
    if (range.kind === 'bitmap-table' && range.bitmap !== undefined && pins.has(range.bitmap)) yield range
}
