import { Qcow2Error } from '../../errors.ts'
import { type Image, type OpenOptions, openImage } from '../../image/index.ts'
import { type BlockSource, OverlaySource } from '../../source/index.ts'
import type { HeaderEvidence } from '../evidence.ts'
import { findHeaders } from './find-headers.ts'

/** Header, refcount table, its first block and the active L1 table: there is no image without them. */
const LEAST_PROVEN = 4

export interface RecoveringOptions extends Pick<OpenOptions, 'dataFile'> {
  readonly signal?: AbortSignal
}

/**
 * Opens an image; where its header is gone altogether, with one that the refcounts in the file prove. Such an image has
 * the finding `header-lost`, and its source is still the file as it is. For that the first GiB is searched.
 *
 * @throws Qcow2Error `not-qcow2`: nothing at its beginning looks like QCOW2, and nothing behind it proves that it was;
 *   `unreadable`: its beginning can't be read
 */
export async function openRecovered(source: BlockSource, options: RecoveringOptions = {}): Promise<Image> {
  const { dataFile, signal } = options
  const files = dataFile ? { dataFile } : {}
  try {
    return await openImage(source, files)
  } catch (error) {
    if (!(error instanceof Qcow2Error) || error.code !== 'not-qcow2') throw error
    const [best] = await findHeaders(source, { onlyProven: true, ...(signal && { signal }) })
    if (best === undefined || best.proof.agree < LEAST_PROVEN) throw nothingProven(source, error)
    return withHeader(source, best, files)
  }
}

async function withHeader(
  source: BlockSource,
  { bytes, fields, proof: { agree, differ }, certain }: HeaderEvidence,
  files: OpenOptions,
): Promise<Image> {
  const guessed = fields.some(({ name, from }) => name === 'size' && from === 'guessed') || differ >= agree
  const overlay = new OverlaySource(source)
  // With what stands behind it, so that extensions which survived are read too.
  await overlay.write(bytes, 0)
  const image = await openImage(overlay, files)
  return {
    ...image,
    source,
    findings: [
      {
        code: 'header-lost',
        severity: 'corruption',
        offset: 0,
        length: bytes.length,
        repair: { class: certain ? 'fix-header' : guessed ? 'none' : 'relink', safe: certain, lossy: false },
        fields: { agree, differ },
      },
      ...image.findings,
    ],
    blockers: [{ code: 'header-lost', message: 'Image is not in qcow2 format', readable: false }],
  }
}

function nothingProven(source: BlockSource, cause: unknown): Qcow2Error {
  const why = 'is not a QCOW2 image, and holds no refcounts that prove that it was one'
  const remedy =
    'where you know that it was: qcow2-check rescue with --cluster-size, or --header-from an image that was made alike'
  return new Qcow2Error('not-qcow2', source.name, why, { remedy, cause })
}
