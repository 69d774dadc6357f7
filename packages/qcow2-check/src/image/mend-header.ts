import type { FindingCode } from '../findings/index.ts'
import { AUTOCLEAR, encodeHeader, type Header, INCOMPATIBLE } from '../format/index.ts'
import { l1EntriesFor } from './believe-l1.ts'
import type { Image } from './image.ts'
import { looksEncrypted } from './looks-encrypted.ts'
import { mendExtensions } from './mend-extensions.ts'
import { readRange } from './read-range.ts'
import { needsItsEntries, toldSize } from './which-size.ts'

/** Bytes of the header that would be right, as far as the rest of the file shows it. */
export interface HeaderMend {
  /** The finding that it cures. */
  readonly code: FindingCode
  readonly class: 'fix-header' | 'ignore-bitmaps' | 'clear-reserved' | 'relink'
  readonly offset: number
  readonly bytes: Uint8Array
  /** One sentence: what shows it. */
  readonly why: string
}

/** Fields with the place of their bytes in an encoded header. */
const PLACES = {
  magic: [0, 4],
  version: [4, 4],
  clusterBits: [20, 4],
  size: [24, 8],
  cryptMethod: [32, 4],
  l1Size: [36, 4],
  snapshots: [60, 12],
  incompatibleFeatures: [72, 8],
  autoclearFeatures: [88, 8],
  refcountOrder: [96, 4],
  headerLength: [100, 4],
  compressionType: [104, 1],
} as const

const KNOWN_FEATURES = 0x1fn

/**
 * What to write over fields of the header that can't be, where the rest of the file says what they were. Places of
 * tables and names are not among it: these take a search. To be written in this order: a later one holds
 * what an earlier one put into the same field.
 */
export async function mendHeader(image: Image): Promise<readonly HeaderMend[]> {
  const { bytes } = await readRange(image.source, 0, image.geometry.clusterSize)
  const unknownMethod = image.header.cryptMethod > 2 && image.features.encryption === 'none'
  const encrypted = unknownMethod && (await looksEncrypted(image))
  return headerMends(image, bytes, { longTable: await needsItsEntries(image), encrypted })
}

/** What the rest of the file shows. */
interface Shown {
  /** The L1 table has as many entries as the disk takes, whatever the header says. */
  readonly longTable: boolean
  /** Without an encryption header, the guest's data look encrypted. */
  readonly encrypted: boolean
}

/** @param cluster the first one of the image */
function headerMends(image: Image, cluster: Uint8Array, shown: Shown): readonly HeaderMend[] {
  const { header, geometry, headerLength } = image
  const codes = new Set(image.findings.map(({ code }) => code))
  const mends: HeaderMend[] = []
  let mended: Header = { ...header, headerLength }
  const mend = (
    code: FindingCode,
    field: keyof typeof PLACES,
    value: Partial<Header>,
    why: string,
    kind: HeaderMend['class'] = 'fix-header',
  ) => {
    const [offset, length] = PLACES[field]
    mended = { ...mended, ...value }
    const bytes = encodeHeader(mended).slice(offset, offset + length)
    mends.push({ code, class: kind, offset, bytes, why })
  }
  if (codes.has('header-magic')) mend('header-magic', 'magic', {}, 'all that must hold in a header does')
  if (codes.has('header-version'))
    mend('header-version', 'version', {}, `the rest is a header of version ${header.version}`)
  if (codes.has('header-length'))
    mend('header-length', 'headerLength', {}, `what stands there is a header of ${headerLength} bytes`)
  if (codes.has('header-cluster-bits') && geometry.clusterBits !== header.clusterBits && fitsTables(image))
    mend(
      'header-cluster-bits',
      'clusterBits',
      { clusterBits: geometry.clusterBits },
      'only with this cluster size do the tables lie at clusters, and does the first refcount block count them',
    )
  if (codes.has('header-refcount-order'))
    mend(
      'header-refcount-order',
      'refcountOrder',
      { refcountOrder: geometry.refcountOrder },
      'the first refcount block has this width',
    )
  if (codes.has('header-compression-type')) mendCompression(image, mend)
  if (codes.has('header-crypt-method') && header.cryptMethod > 2) mendEncryption(image, mend, shown.encrypted)
  mendSizes(image, codes, mend, shown.longTable)
  if (codes.has('snapshots-offset') && header.snapshotCount === 0)
    mend('snapshots-offset', 'snapshots', { snapshotsOffset: 0n }, 'there are no snapshots')
  const unknown = header.incompatibleFeatures & ~KNOWN_FEATURES
  if (unknown !== 0n && header.version > 2)
    mend(
      'header-unknown-feature',
      'incompatibleFeatures',
      { incompatibleFeatures: mended.incompatibleFeatures & KNOWN_FEATURES },
      'nothing that is known has these bits',
      'clear-reserved',
    )
  mendAutoclear(image, codes, mend)
  return [...mends, ...mendExtensions(image, cluster)]
}

/** A cluster size that was just taken for want of a better one has tables that begin nowhere. */
function fitsTables({ activeL1, refcountTable, header }: Image): boolean {
  return refcountTable.offset > 0 && (activeL1.offset > 0 || header.l1Size === 0)
}

type Mend = (
  code: FindingCode,
  field: keyof typeof PLACES,
  value: Partial<Header>,
  why: string,
  kind?: HeaderMend['class'],
) => void

/** The bit and the type say the same: one of them is enough to know. */
function mendCompression({ header, features }: Image, mend: Mend): void {
  const zstd = features.compression === 'zstd'
  const bit = INCOMPATIBLE.compressionType
  const value = {
    compressionType: zstd ? 1 : 0,
    incompatibleFeatures: zstd ? header.incompatibleFeatures | bit : header.incompatibleFeatures & ~bit,
  }
  const why = `the other of the two fields says ${features.compression}`
  if (value.compressionType !== header.compressionType)
    mend('header-compression-type', 'compressionType', value, why)
  if (value.incompatibleFeatures !== header.incompatibleFeatures)
    mend('header-compression-type', 'incompatibleFeatures', value, why)
}

/** Only LUKS has a header. What looks encrypted without one is AES of old, or was encrypted by the guest itself. */
function mendEncryption({ features }: Image, mend: Mend, encrypted: boolean): void {
  const code = 'header-crypt-method'
  if (features.encryption === 'luks')
    mend(code, 'cryptMethod', { cryptMethod: 2 }, 'it has an encryption header')
  else if (!encrypted) mend(code, 'cryptMethod', { cryptMethod: 0 }, 'it has no encryption header')
  else
    mend(
      code,
      'cryptMethod',
      { cryptMethod: 1 },
      'its data look encrypted, and it has no LUKS header',
      'relink',
    )
}

const ONE_OF_TWO =
  "the disk's size takes as many; if that is what is wrong, the guest's disk becomes longer than it was"

/** The L1 table's length follows from the disk's size; the size only to a window, so that a snapshot must tell it. */
function mendSizes(image: Image, codes: ReadonlySet<FindingCode>, mend: Mend, longTable: boolean): void {
  const { header, geometry, virtualSize, activeL1 } = image
  if (activeL1.offset === 0) return
  const needed = l1EntriesFor(virtualSize, geometry)
  const sizeWrong = BigInt(virtualSize) !== header.size - (header.size % 512n)
  if (codes.has('header-virtual-size') || (sizeWrong && codes.has('header-l1-size'))) {
    const code = codes.has('header-virtual-size') ? 'header-virtual-size' : 'header-l1-size'
    const told = toldSize(header, geometry, image.snapshots)
    if (told !== undefined)
      mend(code, 'size', { size: BigInt(told.diskSize) }, `snapshot ${told.id} has this size`)
  } else if (codes.has('header-l1-size') && header.l1Size !== needed) {
    const value = { l1Size: needed }
    if (longTable || header.l1Size > needed)
      mend('header-l1-size', 'l1Size', value, "the disk's size takes as many")
    else mend('header-l1-size', 'l1Size', value, ONE_OF_TWO, 'relink')
  }
}

/** Autoclear bits go whenever something that doesn't know them writes: without them an image is as good. */
function mendAutoclear({ header }: Image, codes: ReadonlySet<FindingCode>, mend: Mend): void {
  let autoclearFeatures = header.autoclearFeatures
  if (codes.has('data-file-raw')) {
    autoclearFeatures &= ~AUTOCLEAR.rawExternal
    mend('data-file-raw', 'autoclearFeatures', { autoclearFeatures }, 'there is no external data file')
  }
  const code = (['bitmap-directory', 'bitmap-entry', 'bitmap-table'] as const).find((one) => codes.has(one))
  if (code === undefined || (autoclearFeatures & AUTOCLEAR.bitmaps) === 0n) return
  autoclearFeatures &= ~AUTOCLEAR.bitmaps
  const why = 'QEMU ignores bitmaps without this bit, and their bytes stay'
  mend(code, 'autoclearFeatures', { autoclearFeatures }, why, 'ignore-bitmaps')
}
