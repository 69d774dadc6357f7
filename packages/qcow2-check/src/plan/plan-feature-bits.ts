import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { INCOMPATIBLE } from '../format/index.ts'
import { OverlaySource } from '../source/index.ts'
import { disksOf } from './disk-tables.ts'
import type { Draft } from './draft.ts'
import { lookAt } from './look.ts'

const INCOMPATIBLE_AT = 72

interface Suspicion {
  readonly bit: bigint
  readonly code: FindingCode
  readonly what: string
}

export interface FeaturesPlanned {
  /** Of the overlay with the bit put right. */
  readonly survey: Survey
  /** Nobody could read a disk of the image as it was: what they hold is compared with this. */
  readonly unreadable: boolean
}

/**
 * A feature bit that gives every table another meaning: that data is in another file, or that L2 entries are extended.
 * It is wrong where with its opposite all tables are sound and every refcount is what the tables account for, and as it
 * stands that is not so.
 *
 * @returns undefined if none is wrong
 */
export async function planFeatureBits(
  draft: Draft,
  survey: Survey,
  signal?: AbortSignal,
): Promise<FeaturesPlanned | undefined> {
  const { image } = survey
  const { header } = image
  if (header.version < 3 || isFlawless(survey)) return undefined
  for (const { bit, code, what } of suspicions(survey)) {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, header.incompatibleFeatures ^ bit)
    const trial = new OverlaySource(draft.overlay)
    await trial.write(bytes, INCOMPATIBLE_AT)
    const other = await lookAt(trial, image, signal)
    if (!isFlawless(other) || other.counts.allocatedClusters === 0) continue
    const unreadable = image.blockers.some(({ readable }) => !readable) || code === 'data-file-missing'
    const ids = disksOf(image).map(({ snapshot }) => snapshot?.id)
    const spec = {
      class: unreadable ? ('fix-header' as const) : ('relink' as const),
      code,
      offset: INCOMPATIBLE_AT,
      why: `${what}: with the bit the other way every refcount is what the tables account for`,
      ...(!unreadable && { guest: [{ offset: 0, length: image.virtualSize }], disks: ids }),
    }
    if (!(await draft.act(spec, [{ offset: INCOMPATIBLE_AT, bytes, phase: 'header' }]))) return undefined
    return { survey: await lookAt(draft.overlay, image, signal), unreadable }
  }
  return undefined
}

/** All tables are sound, and refcounts are what they account for. */
function isFlawless({ counts, findings }: Survey): boolean {
  return (
    counts.checkErrors + counts.corruptions + counts.leaks === 0 &&
    findings.every(({ severity }) => severity === 'note' || severity === 'warning')
  )
}

function* suspicions({ image, findings }: Survey): Generator<Suspicion> {
  const { header, dataFile } = image
  const missing = findings.some(({ code }) => code === 'data-file-missing')
  if ((header.incompatibleFeatures & INCOMPATIBLE.dataFile) !== 0n && missing && !dataFile)
    yield { bit: INCOMPATIBLE.dataFile, code: 'data-file-missing', what: 'the data is in this file' }
  const garbled = findings.find(({ code }) => code.startsWith('l2-') || code === 'header-cluster-bits')
  if (garbled === undefined) return
  const extended = (header.incompatibleFeatures & INCOMPATIBLE.extendedL2) !== 0n
  const what = `L2 entries are ${extended ? 'not ' : ''}extended`
  yield { bit: INCOMPATIBLE.extendedL2, code: garbled.code, what }
}
