import type { Survey } from '../check/survey.ts'
import { mendHeader } from '../image/index.ts'
import type { Draft } from './draft.ts'

/**
 * Single fields of the header that can't be, where the rest of the file shows what they were: a few bytes each, the
 * rest of the header stays. First of all, as what a survey sees depends on them. Bitmaps have a planner of their own.
 *
 * @returns true if something changed: the image has to be looked at anew
 */
export async function planHeaderFields(draft: Draft, { image }: Survey): Promise<boolean> {
  const mends = (await mendHeader(image)).filter(({ class: kind }) => kind !== 'ignore-bitmaps')
  let changed = false
  for (const code of new Set(mends.map((mend) => mend.code))) {
    const group = mends.filter((mend) => mend.code === code)
    const [first] = group
    if (first === undefined) continue
    // A guess at the length of the disk: the guest sees another than it had.
    const guest = first.class === 'relink' ? [{ offset: 0, length: image.virtualSize }] : []
    const disks = guest.length > 0 ? [undefined] : []
    const spec = { class: first.class, code, offset: first.offset, why: first.why, guest, disks }
    const edits = group.map(({ offset, bytes }) => ({ offset, bytes, phase: 'header' as const }))
    changed = (await draft.act(spec, edits)) || changed
  }
  return changed
}
