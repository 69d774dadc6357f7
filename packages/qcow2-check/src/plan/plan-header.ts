import type { Survey } from '../check/survey.ts'
import type { Finding, FindingCode } from '../findings/index.ts'
import { AUTOCLEAR, type Header, hasMagic, INCOMPATIBLE } from '../format/index.ts'
import { findHeaders, type HeaderEvidence } from '../recover/index.ts'
import type { Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'
import { activeL1IsRubbish } from './rubbish-l1.ts'
import { hasStrayName } from './stray-name.ts'

/** Bits that a repair clears at the end, not fields that are wrong. */
const LATER: ReadonlySet<FindingCode> = new Set<FindingCode>(['header-refcount-table'])

/**
 * A header of which fields can't be, or are gone, is put together from what the file holds and tried against the
 * refcounts. Where all of it is proven it is written without consent; where a field is a guess (mostly the size of the
 * disk), with.
 *
 * @returns true if one was planned: the image has to be looked at anew
 */
export async function planHeader(draft: Draft, survey: Survey, signal?: AbortSignal): Promise<boolean> {
  const fault = survey.findings.find(({ code }) => code.startsWith('header-') && !LATER.has(code))
  const own = await readPadded(draft.overlay, 0, 4)
  const elsewhere = activeL1IsSomethingElse(survey) || (await activeL1IsRubbish(survey))
  if (fault === undefined && hasMagic(own) && !elsewhere) return false
  if (fault !== undefined && isCutOff(survey, fault)) return false
  const [best] = await findHeaders(draft.overlay, { ...(signal && { signal }) })
  // With most refcounts against it it is another disk's: a snapshot's table for that of the active disk.
  if (best === undefined || best.proof.agree <= best.proof.differ) return false
  // What is merely a better guess would be another disk: a guest may have tables on its own, with headers to them.
  if (fault === undefined && elsewhere && best.proof.differ > 0) return false
  if (elsewhere && best.header.l1TableOffset === survey.image.header.l1TableOffset) return false
  if (elsewhere && !(await mayMove(draft, survey, Number(best.header.l1TableOffset)))) return false
  // A disk that is longer than it was has its partition table in the wrong place: rescue may guess, a repair may not.
  if (best.fields.some(({ name, from }) => name === 'size' && from === 'guessed')) return false
  const nameless = fault?.code === 'header-backing-name' && best.header.backingFileOffset === 0n
  if (nameless && (await hasStrayName(draft.overlay, survey.image))) return false
  const { proof, certain, bytes } = best
  const code = fault?.code ?? 'header-magic'
  const from = changedFields(best)
  const readable = fault === undefined && elsewhere
  const { image } = survey
  // Where QEMU reads something now, if only zeros, it will read something else.
  const proven = certain && !readable && isRaw(best.header) === image.features.rawExternal
  const spec = {
    class: proven ? ('fix-header' as const) : ('relink' as const),
    code,
    offset: fault?.offset ?? 0,
    why: `the header is written anew (${from}): with it ${proof.agree} clusters are referenced as often as their refcounts say, ${proof.differ} are not`,
    ...(!proven && {
      guest: [{ offset: 0, length: image.virtualSize }],
      disks: [undefined, ...image.snapshots.entries.map(({ id }) => id)],
    }),
  }
  return draft.act(spec, [{ offset: 0, bytes, phase: 'header' }])
}

/** The header may point to the wrong place: what is there has another owner. */
function activeL1IsSomethingElse({ image, crossLinked }: Survey): boolean {
  const { offset } = image.activeL1
  return offset > 0 && crossLinked.includes(offset / image.geometry.clusterSize)
}

/** The table that the header names was cut off with the end of the file: none that is left is it. */
function isCutOff({ image, findings }: Survey, { code }: Finding): boolean {
  const { l1TableOffset } = image.header
  return (
    code === 'header-l1-offset' &&
    findings.some((finding) => finding.code === 'truncated') &&
    l1TableOffset >= BigInt(image.fileSize) &&
    l1TableOffset % BigInt(image.geometry.clusterSize) === 0n
  )
}

/**
 * Of a header and a snapshot that name the same L1 table one is wrong. It is the header where that table has no COPIED
 * flags and the one found has: only the active table has them.
 */
async function mayMove({ overlay }: Draft, { image }: Survey, found: number): Promise<boolean> {
  const { offset, entries } = image.activeL1
  if (!image.snapshots.entries.some(({ l1 }) => l1.offset === offset)) return true
  const copied = async (at: number) => {
    const bytes = await readPadded(overlay, at, entries * 8)
    return bytes.some((byte, index) => index % 8 === 0 && (byte & 0x80) !== 0)
  }
  return !(await copied(offset)) && copied(found)
}

/** A raw data file reads as it is, whatever the tables say. */
function isRaw({ incompatibleFeatures, autoclearFeatures }: Header): boolean {
  return (
    (incompatibleFeatures & INCOMPATIBLE.dataFile) !== 0n &&
    (autoclearFeatures & AUTOCLEAR.rawExternal) !== 0n
  )
}

function changedFields({ fields }: HeaderEvidence): string {
  const changed = fields.filter(({ from }) => from !== 'kept').map(({ name, from }) => `${name} ${from}`)
  return changed.length === 0 ? 'every field kept' : changed.join(', ')
}
