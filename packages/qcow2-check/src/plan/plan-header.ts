import type { Survey } from '../check/survey.ts'
import { mendHeader } from '../image/index.ts'
import type { Draft } from './draft.ts'

/**
 * Fields of the header that can't be, where the rest of the file shows what they were. First of all: what a survey sees
 * depends on them.
 *
 * @returns true if something changed
 */
export async function planHeader(draft: Draft, { image }: Survey): Promise<boolean> {
  const mends = await mendHeader(image)
  let changed = false
  for (const code of new Set(mends.map((mend) => mend.code)))
    for (const kind of new Set(mends.filter((mend) => mend.code === code).map((mend) => mend.class))) {
      const group = mends.filter((mend) => mend.code === code && mend.class === kind)
      const [first] = group
      if (first === undefined) continue
      const lossy = kind === 'ignore-bitmaps'
      const spec = { class: kind, code, offset: first.offset, why: first.why, lossy }
      const edits = group.map(({ offset, bytes }) => ({ offset, bytes, phase: 'header' as const }))
      changed = (await draft.act(spec, edits)) || changed
    }
  return changed
}
