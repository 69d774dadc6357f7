import { AUTOCLEAR, COMPATIBLE, INCOMPATIBLE, type LuksHeader } from '../format/index.ts'
import { FIX_HEADER } from './findings-list.ts'
import { FIELD } from './header-rules.ts'
import type { Image } from './image.ts'
import type { OpenContext } from './open-context.ts'

/** What the header says of the image as a whole; where two fields contradict one another, the likelier one. */
export function believeFeatures(
  { header, geometry }: OpenContext,
  found: LuksHeader | undefined,
): Image['features'] {
  const { incompatibleFeatures: incompatible, compressionType, cryptMethod } = header
  const zstd =
    compressionType > 1 ? (incompatible & INCOMPATIBLE.compressionType) !== 0n : compressionType === 1
  // An image that has a LUKS header is encrypted, whatever the method says.
  const luks = cryptMethod === 2 || found?.magic === true
  const externalData = (incompatible & INCOMPATIBLE.dataFile) !== 0n
  return {
    extendedL2: geometry.subclusters === 32,
    compression: zstd ? 'zstd' : 'zlib',
    externalData,
    // The bit alone says nothing: without a data file what no table tells is lost.
    rawExternal: externalData && isRaw(header.autoclearFeatures),
    encryption: luks ? 'luks' : cryptMethod === 1 ? 'aes' : 'none',
    lazyRefcounts: (header.compatibleFeatures & COMPATIBLE.lazyRefcounts) !== 0n,
  }
}

/** Rules of the external data file that need no look at it; nothing the image names is opened here. */
export function checkDataFile({ header, findings, blockers }: OpenContext, name: string | undefined): void {
  const external = (header.incompatibleFeatures & INCOMPATIBLE.dataFile) !== 0n
  if (external && name === undefined) {
    findings.add('data-file-missing', FIELD.incompatibleFeatures, { name: '', why: 'the image names none' })
    blockers.add('data-file-missing', "'data-file' is required for this image")
  }
  if (external || !isRaw(header.autoclearFeatures)) return
  findings.add('data-file-raw', { offset: 88, length: 8 }, {}, { repair: FIX_HEADER })
  blockers.add('data-file-raw', 'data-file-raw requires a data file')
}

function isRaw(autoclear: bigint): boolean {
  return (autoclear & AUTOCLEAR.rawExternal) !== 0n
}
