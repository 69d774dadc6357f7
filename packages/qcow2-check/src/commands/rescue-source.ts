import type { CommandContext } from '@nightshift/tooling/command-line'
import type { FileName } from '@nightshift/tooling/files'
import { formatBytes } from '@nightshift/tooling/terminal'
import { Qcow2Error } from '../errors.ts'
import { decodeHeader, encodeHeader, type Header, hasMagic } from '../format/index.ts'
import { type Image, openImage } from '../image/index.ts'
import { findHeaders, type HeaderEvidence } from '../recover/index.ts'
import { type BlockSource, type FileSource, OverlaySource, openFileSource } from '../source/index.ts'
import type { RescueOptions } from './rescue.options.ts'

/**
 * The image to rescue from: as it is, or with a header before it that was put together from what the file holds, where
 * its own is gone.
 *
 * @throws Qcow2Error `not-qcow2`: there is none, and nothing in the file tells of one; `unreadable`
 */
export async function rescueSource(
  { log, progress, signal }: CommandContext,
  source: FileSource,
  { clusterSize, headerFrom }: Pick<RescueOptions, 'clusterSize' | 'headerFrom'>,
): Promise<BlockSource> {
  const image = await openedAnyhow(source)
  if (image !== undefined && isSound(image)) {
    if (clusterSize !== undefined || headerFrom !== undefined)
      log.warn(`${source.name}: its own header is sound, and is used`, { code: 'header-sound' })
    return source
  }
  const line = progress({ what: 'searching for a header', unit: 'bytes' })
  let found: HeaderEvidence | undefined
  try {
    const template = templateOf(clusterSize, headerFrom)
    const headers = await findHeaders(source, { signal, ...(template && { template }) })
    found = headers.find(({ header }) => clusterSize === undefined || 2 ** header.clusterBits === clusterSize)
  } finally {
    line.stop()
  }
  if (found === undefined) {
    if (image !== undefined) return source
    throw new Qcow2Error(
      'not-qcow2',
      source.name,
      'is no QCOW2 image, nor does the file tell that it was one',
      {
        remedy: 'where you know it was: --cluster-size, or --header-from an image that was made alike',
      },
    )
  }
  const { header, bytes, certain } = found
  log.warn(
    `${source.name}: its header was put together anew from what the file holds: ${formatBytes(2 ** header.clusterBits)} clusters, ${formatBytes(header.size)} for the guest${certain ? '' : '; not all of it is proven'}`,
    { code: 'header-rebuilt' },
  )
  const overlay = new OverlaySource(source)
  await overlay.write(bytes, 0)
  return overlay
}

async function openedAnyhow(source: BlockSource): Promise<Image | undefined> {
  try {
    return await openImage(source)
  } catch (error) {
    if (error instanceof Qcow2Error && error.code === 'not-qcow2') return undefined
    throw error
  }
}

function isSound({ findings, activeL1 }: Image): boolean {
  const broken = findings.some(
    ({ code, severity }) => code.startsWith('header-') && severity === 'corruption',
  )
  return !broken && activeL1.offset !== 0
}

/** The beginning of an image that was made alike. */
function templateOf(
  clusterSize: number | undefined,
  headerFrom: FileName | undefined,
): Uint8Array | undefined {
  const clusterBits = clusterSize === undefined ? undefined : Math.log2(clusterSize)
  if (headerFrom === undefined)
    return clusterBits === undefined ? undefined : encodeHeader({ ...USUAL, clusterBits })
  const sibling = openFileSource(headerFrom)
  try {
    const bytes = new Uint8Array(4096)
    sibling.read(bytes, 0)
    if (!hasMagic(bytes))
      throw new Qcow2Error('not-qcow2', sibling.name, 'is no QCOW2 image to take a header from')
    return clusterBits === undefined ? bytes : encodeHeader({ ...decodeHeader(bytes), clusterBits })
  } finally {
    sibling.close()
  }
}

/** What qemu-img makes where nobody says otherwise. */
const USUAL: Header = {
  version: 3,
  backingFileOffset: 0n,
  backingFileSize: 0,
  clusterBits: 16,
  size: 0n,
  cryptMethod: 0,
  l1Size: 0,
  l1TableOffset: 0n,
  refcountTableOffset: 0n,
  refcountTableClusters: 0,
  snapshotCount: 0,
  snapshotsOffset: 0n,
  incompatibleFeatures: 0n,
  compatibleFeatures: 0n,
  autoclearFeatures: 0n,
  refcountOrder: 4,
  headerLength: 112,
  compressionType: 0,
}
