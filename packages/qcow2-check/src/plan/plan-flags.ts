import type { Survey } from '../check/survey.ts'
import { INCOMPATIBLE } from '../format/index.ts'
import type { Draft } from './draft.ts'

const INCOMPATIBLE_AT = 72

/**
 * The dirty bit goes once the refcounts are right, the corrupt bit once nothing is corrupt any more; both at the very
 * end.
 *
 * @param survey of the overlay with everything else done
 */
export async function planFlags(draft: Draft, survey: Survey): Promise<boolean> {
  const { header } = survey.image
  if (header.version < 3) return false
  const { corruptions, checkErrors } = survey.counts
  const clean =
    corruptions === 0 &&
    checkErrors === 0 &&
    survey.findings.every(
      ({ code, severity }) => code === 'corrupt-bit' || (severity !== 'corruption' && severity !== 'error'),
    )
  if (!clean) return false
  let changed = false
  let bits = header.incompatibleFeatures
  for (const [bit, code, why] of [
    [INCOMPATIBLE.dirty, 'dirty', 'the refcounts are right, so that QEMU needs not rebuild them'],
    [
      INCOMPATIBLE.corrupt,
      'corrupt-bit',
      'nothing in the image is corrupt any more, so that QEMU may write to it',
    ],
  ] as const) {
    if ((bits & bit) === 0n) continue
    bits &= ~bit
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, bits)
    const spec = { class: 'fix-flags' as const, code, offset: INCOMPATIBLE_AT, why }
    changed = (await draft.act(spec, [{ offset: INCOMPATIBLE_AT, bytes, phase: 'lower' }])) || changed
  }
  return changed
}
