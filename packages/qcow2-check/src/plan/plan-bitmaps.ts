import type { Survey } from '../check/survey.ts'
import type { Finding, FindingCode } from '../findings/index.ts'
import {
  AUTOCLEAR,
  BITMAPS_EXTENSION_LENGTH,
  decodeHeaderExtensions,
  EXTENSION,
  encodeHeaderExtensions,
  type HeaderExtension,
} from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import { bitmapClusters } from './bitmap-clusters.ts'
import type { Draft } from './draft.ts'
import { lostBitmaps } from './lost-bitmaps.ts'
import { readPadded } from './read-padded.ts'

const AUTOCLEAR_AT = 88
const BROKEN: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'bitmap-directory',
  'bitmap-entry',
  'bitmap-table',
])

/**
 * Dirty bitmaps that can't be read keep QEMU from opening the image. Without their autoclear bit it takes no notice of
 * them; with consent they go altogether, and give their clusters back.
 */
export async function planBitmaps(draft: Draft, survey: Survey, _evidence: Evidence): Promise<boolean> {
  const { header } = survey.image
  if (header.version < 3) return false
  const broken = survey.findings.find(({ code }) => BROKEN.has(code))
  const stale = survey.findings.find(({ code }) => code === 'bitmaps-stale')
  const cause = broken ?? stale
  if (cause === undefined) return false
  let changed = false
  const bits = header.autoclearFeatures
  if (broken !== undefined && (bits & AUTOCLEAR.bitmaps) !== 0n) {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, bits & ~AUTOCLEAR.bitmaps)
    const spec = {
      class: 'ignore-bitmaps' as const,
      code: broken.code,
      offset: AUTOCLEAR_AT,
      why: 'QEMU takes no notice of the bitmaps any more; the next incremental backup has to be a full one',
      lossy: true,
    }
    changed = await draft.act(spec, [{ offset: AUTOCLEAR_AT, bytes, phase: 'header' }])
  }
  // Leaks are what makes it worth asking: else nothing is wrong with bitmaps that are merely out of date.
  if ((stale === undefined || survey.counts.leaks > 0) && draft.may('drop-bitmaps', cause.code))
    changed = (await dropBitmaps(draft, survey, cause)) || changed
  return changed
}

async function dropBitmaps(draft: Draft, survey: Survey, { code }: Finding): Promise<boolean> {
  const { image } = survey
  const { header, geometry } = image
  const start = header.headerLength
  const end = header.backingFileOffset > 0n ? Number(header.backingFileOffset) : geometry.clusterSize
  if (start < 104 || end > geometry.clusterSize || end <= start) return false
  const cluster = await readPadded(draft.overlay, 0, geometry.clusterSize)
  const { extensions, brokenAt } = decodeHeaderExtensions(cluster, start, end)
  const own = extensions.find(({ type }) => type === EXTENSION.bitmaps)
  if (own === undefined || brokenAt !== undefined) return false
  const { clusters, whole } = await bitmapClusters(image, own.data)
  if (!whole && own.data.length === BITMAPS_EXTENSION_LENGTH)
    for (const cluster of await lostBitmaps(survey, own.data)) clusters.add(cluster)
  const bytes = cluster.slice(own.offset, endOf(extensions, end))
  bytes.fill(0)
  const rest = encodeHeaderExtensions(extensions.filter(({ offset }) => offset > own.offset))
  bytes.set(rest.subarray(0, bytes.length))
  const spec = {
    class: 'drop-bitmaps' as const,
    code,
    offset: own.offset,
    why: 'the bitmaps are taken out of the image, and their clusters are free',
    lossy: true,
  }
  const dropped = await draft.act(spec, [{ offset: own.offset, bytes, phase: 'header' }])
  if (dropped) for (const released of clusters) draft.released.add(released)
  return dropped
}

/** Behind the end marker, or as far as it goes. */
function endOf(extensions: readonly HeaderExtension[], end: number): number {
  const last = extensions.at(-1)
  if (last === undefined) return end
  return Math.min(end, last.offset + 8 + Math.ceil(last.data.length / 8) * 8 + 8)
}
