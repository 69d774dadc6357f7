import {
  BITMAPS_EXTENSION_LENGTH,
  type BitmapsExtension,
  CRYPTO_EXTENSION_LENGTH,
  type CryptoHeaderExtension,
  decodeBitmapsExtension,
  decodeCryptoExtension,
  decodeFeatureNames,
  decodeHeaderExtensions,
  EXTENSION,
  type FeatureName,
  type HeaderExtension,
  type HeaderExtensions,
} from '../format/index.ts'
import type { CryptoHeader } from './crypto-header.ts'
import { FIX_HEADER } from './findings-list.ts'
import type { OpenContext } from './open-context.ts'

/** What the extensions of a header say; where a type comes twice, the last one counts, as in QEMU. */
export interface ExtensionValues {
  readonly list: readonly HeaderExtension[]
  readonly featureNames: readonly FeatureName[]
  readonly backingFormat?: string
  readonly dataFileName?: string
  readonly bitmaps?: BitmapsExtension
  readonly crypto?: CryptoHeaderExtension
}

/** Bytes of the backing format's name, its end included. */
const BACKING_FORMAT = 16

/** Reads them all; those whose length is wrong say nothing. Pure. */
export function readExtensions(list: readonly HeaderExtension[]): ExtensionValues {
  const last = (type: number) => list.findLast((extension) => extension.type === type)?.data
  const names = last(EXTENSION.featureNames)
  const format = last(EXTENSION.backingFormat)
  const file = last(EXTENSION.dataFile)
  const bitmaps = last(EXTENSION.bitmaps)
  const crypto = last(EXTENSION.cryptoHeader)
  return {
    list,
    featureNames: names === undefined ? [] : decodeFeatureNames(names),
    ...(format !== undefined && format.length < BACKING_FORMAT && { backingFormat: textOf(format) }),
    ...(file !== undefined && { dataFileName: textOf(file) }),
    ...(bitmaps?.length === BITMAPS_EXTENSION_LENGTH && { bitmaps: decodeBitmapsExtension(bitmaps) }),
    ...(crypto?.length === CRYPTO_EXTENSION_LENGTH && { crypto: decodeCryptoExtension(crypto) }),
  }
}

/** @param start bytes: the believed length of the header */
export function decodeExtensions(context: OpenContext, cluster: Uint8Array, start: number): HeaderExtensions {
  const { header, geometry, fileSize } = context
  const named = header.backingFileOffset > 0n && header.backingFileOffset <= BigInt(geometry.clusterSize)
  const end = named ? Number(header.backingFileOffset) : geometry.clusterSize
  // What the file doesn't hold of the cluster reads as zeros.
  const whole = fileSize <= cluster.length && cluster.length < end ? padded(cluster, end) : cluster
  return decodeHeaderExtensions(whole, start, end)
}

/** QEMU reads on from a length of the header that is no multiple of 8, and finds no extensions there. */
export function refuseMisplacedExtensions(context: OpenContext, cluster: Uint8Array, believed: number): void {
  const { header, geometry, blockers } = context
  const { headerLength } = header
  if (headerLength === believed || headerLength < 104 || headerLength > geometry.clusterSize) return
  if (decodeExtensions(context, cluster, headerLength).brokenAt !== undefined)
    blockers.add('header-length', 'Header extension too large')
}

/** Rules of the extensions themselves, in their order, and the encryption header, which QEMU opens on its way. */
export async function checkExtensions(
  context: OpenContext,
  decoded: HeaderExtensions,
  values: ExtensionValues,
): Promise<CryptoHeader> {
  const { header, findings, blockers } = context
  let crypto: CryptoHeader = { owned: [] }
  const fault = ({ type, offset, length }: { type: number; offset: number; length: number }, why: string) =>
    findings.add('header-extension', { offset, length: 8 + length }, { type, why }, { repair: FIX_HEADER })
  for (const { type, offset, data } of decoded.extensions) {
    const place = { type, offset, length: data.length }
    if (type === EXTENSION.backingFormat && data.length >= BACKING_FORMAT) {
      fault(place, `a format name of ${data.length} bytes is too long (at most ${BACKING_FORMAT - 1})`)
      blockers.add(
        'header-extension',
        `ERROR: ext_backing_format: len=${data.length} too large (>=${BACKING_FORMAT})`,
      )
    }
    if (type === EXTENSION.cryptoHeader) {
      if (header.cryptMethod !== 2) {
        fault(place, 'an encryption header of an image that is not encrypted with LUKS')
        blockers.add('header-extension', 'CRYPTO header extension only expected with LUKS encryption method')
        if (values.crypto !== undefined)
          crypto = await (await import('./crypto-header.ts')).findCryptoHeader(context, values.crypto)
      } else if (data.length !== CRYPTO_EXTENSION_LENGTH) {
        fault(place, `${data.length} bytes, not ${CRYPTO_EXTENSION_LENGTH}`)
        blockers.add(
          'header-extension',
          `CRYPTO header extension size ${data.length}, but expected size ${CRYPTO_EXTENSION_LENGTH}`,
        )
      } else if (values.crypto !== undefined)
        crypto = await (await import('./crypto-header.ts')).readCryptoHeader(context, values.crypto)
    }
    if (type === EXTENSION.bitmaps) {
      if (data.length === BITMAPS_EXTENSION_LENGTH)
        (await import('./bitmaps/extension.ts')).checkBitmapsExtension(context, place, data)
      else {
        fault(place, `${data.length} bytes, not ${BITMAPS_EXTENSION_LENGTH}`)
        blockers.add('header-extension', 'bitmaps_ext: Invalid extension length')
      }
    }
  }
  if (decoded.brokenAt !== undefined) {
    const { offset, type, length } = decoded.brokenAt
    fault({ type, offset, length: 0 }, `its ${length} bytes don't fit before the end of the header's cluster`)
    blockers.add('header-extension', 'Header extension too large')
  }
  return crypto
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length)
  longer.set(bytes)
  return longer
}
