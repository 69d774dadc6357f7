import { type FileName, fileNameText, type OpenFile } from '@nightshift/tooling/files'
import { type Survey, survey } from '../check/index.ts'
import { stableSurvey } from '../check/stable-survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { INCOMPATIBLE } from '../format/index.ts'
import { type OpenedImage, type OpenOptions, open } from '../library/open.ts'
import { lookAtUse } from '../repair/in-use.ts'
import { interruptedBy } from '../repair/interrupted-by.ts'
import { failureOf } from './failure-of.ts'
import { PatientSource } from './patient-source.ts'
import type { ScannedImage, ScanOptions, ScanResult } from './types.ts'

type Looking = Pick<ScanOptions, 'budget' | 'chain' | 'allowPaths' | 'dataFile' | 'signal'>

/**
 * Looks at one image and closes it. Never throws for the image's sake: what is wrong is in the result.
 *
 * @throws the signal's reason
 */
export async function scanImage(path: FileName, file: OpenFile, options: Looking): Promise<ScanResult> {
  const since = performance.now()
  const common = { path, size: file.stats.size, remembered: false }
  const milliseconds = () => Math.round((performance.now() - since) * 1000) / 1000
  const budget = options.budget === undefined ? undefined : AbortSignal.timeout(options.budget)
  const signals = [options.signal, budget].filter((signal) => signal !== undefined)
  try {
    const { image, verdict } = await look(path, file.fd, { ...options, signal: AbortSignal.any(signals) })
    return { ...common, verdict, image, milliseconds: milliseconds() }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (budget?.aborted) {
      const message = `given up after ${options.budget} ms (--budget)`
      return {
        ...common,
        verdict: 'failed',
        error: { code: 'budget', message },
        milliseconds: milliseconds(),
      }
    }
    const failure = failureOf(error)
    const verdict = failure.code === 'not-qcow2' ? 'not-qcow2' : 'failed'
    return { ...common, verdict, error: failure, milliseconds: milliseconds() }
  }
}

async function look(
  path: FileName,
  fd: number,
  { chain = false, allowPaths = [], dataFile, signal }: Looking,
): Promise<{ readonly image: ScannedImage; readonly verdict: Survey['verdict'] }> {
  const source = new PatientSource(fd, fileNameText(path))
  const images: OpenedImage[] = []
  const surveyed = async (): Promise<Survey> => {
    const opened = async (options: OpenOptions): Promise<OpenedImage> => {
      const image = await open(source, { path, chain, allowPaths, ...options })
      images.push(image)
      return image
    }
    const alone = await opened({})
    const named = dataFile !== undefined && alone.features.externalData
    return survey(named ? await opened({ dataFile }) : alone, {
      maxFindings: MOST_FINDINGS,
      ...(signal && { signal }),
    })
  }
  try {
    const first = await surveyed()
    const use = first.verdict === 'consistent' ? undefined : lookAtUse(fd, source.name)
    if (use?.state === 'in-use') {
      const stable = stableSurvey(first, await surveyed(), use.why)
      return { image: summary(stable, use.why), verdict: stable.verdict }
    }
    const image = summary(first)
    const interrupted = (await interruptedBy(path, fd)) !== undefined
    const codes = interrupted ? { 'repair-interrupted': 1, ...image.codes } : image.codes
    return { image: { ...image, codes }, verdict: first.verdict }
  } finally {
    for (const image of images) image.close()
    source.close()
  }
}

/** Kept of an image that has more: only their codes are told. */
const MOST_FINDINGS = 10_000

function summary({ image, counts, findings }: Survey, inUse?: string): ScannedImage {
  const codes: Partial<Record<FindingCode, number>> = {}
  for (const { code } of findings) codes[code] = (codes[code] ?? 0) + 1
  const { header, geometry, virtualSize, blockers, snapshots } = image
  return {
    counts,
    clusterSize: geometry.clusterSize,
    virtualSize,
    blockers,
    hasBackingFile: image.backingFile !== undefined,
    dirty: (header.incompatibleFeatures & INCOMPATIBLE.dirty) !== 0n,
    corruptBit: (header.incompatibleFeatures & INCOMPATIBLE.corrupt) !== 0n,
    snapshots: {
      listed: header.snapshotCount,
      sound: snapshots.entries.filter(({ sound }) => sound).length,
    },
    codes,
    ...(inUse !== undefined && { inUse }),
  }
}
