import {
  BITMAPS_EXTENSION_LENGTH,
  CRYPTO_EXTENSION_LENGTH,
  decodeHeaderExtensions,
  EXTENSION,
  type HeaderExtensions,
} from '../format/index.ts'
import type { Image } from './image.ts'
import type { HeaderMend } from './mend-header.ts'

const FEATURE_NAME = 48
const FORMATS = ['qcow2', 'raw', 'vmdk', 'vdi', 'vpc', 'vhdx', 'qed', 'qcow']

/**
 * The right length of an extension whose length can't be, where there is just one with which all that follows reads as
 * extensions that are known.
 *
 * @param cluster the first cluster of the image
 */
export function mendExtensions(image: Image, cluster: Uint8Array): readonly HeaderMend[] {
  const broken = image.findings.find(({ code }) => code === 'header-extension')
  if (broken === undefined) return []
  const at = broken.offset
  const end = endOf(image, cluster)
  const view = new DataView(cluster.buffer, cluster.byteOffset, cluster.byteLength)
  if (at + 8 > end) return []
  const type = view.getUint32(at)
  const length = view.getUint32(at + 4)
  if (type === EXTENSION.cryptoHeader && length === CRYPTO_EXTENSION_LENGTH) return mendMethod(image)
  const right = lengthsOf(type, cluster.subarray(at + 8, end)).find((candidate) =>
    reads(decodeHeaderExtensions(cluster, at + 8 + Math.ceil(candidate / 8) * 8, end)),
  )
  if (right === undefined || right === length) return []
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, right)
  const why = `with a length of ${right} bytes it and all that follows can be read`
  return [{ code: 'header-extension', class: 'fix-header', offset: at + 4, bytes, why }]
}

/** Lengths that an extension of this type may have, the likeliest first. */
function lengthsOf(type: number, data: Uint8Array): readonly number[] {
  if (type === EXTENSION.end) return [0]
  if (type === EXTENSION.bitmaps) return [BITMAPS_EXTENSION_LENGTH]
  if (type === EXTENSION.cryptoHeader) return [CRYPTO_EXTENSION_LENGTH]
  if (type === EXTENSION.backingFormat) {
    const text = Buffer.from(data.subarray(0, 16)).toString('latin1')
    return FORMATS.filter((format) => text.startsWith(format)).map(({ length }) => length)
  }
  if (type !== EXTENSION.featureNames) return []
  const most = Math.floor(data.length / FEATURE_NAME)
  return Array.from({ length: Math.min(most, 200) }, (_, index) => (index + 1) * FEATURE_NAME)
}

const KNOWN: readonly number[] = Object.values(EXTENSION)

function reads({ extensions, brokenAt }: HeaderExtensions): boolean {
  return brokenAt === undefined && extensions.every(({ type }) => KNOWN.includes(type))
}

/** An encryption header in an image that says it is not encrypted: where there is one, it is the method that is wrong. */
function mendMethod({ header, luks, extensions }: Image): readonly HeaderMend[] {
  if (header.cryptMethod !== 0 || !extensions.some(({ type }) => type === EXTENSION.cryptoHeader)) return []
  if (luks?.magic !== true) return []
  const bytes = Uint8Array.of(0, 0, 0, 2)
  const why = 'there is a LUKS header where an extension says so'
  return [{ code: 'header-extension', class: 'fix-header', offset: 32, bytes, why }]
}

function endOf({ header, geometry }: Image, cluster: Uint8Array): number {
  const { backingFileOffset: name } = header
  const end = name > 0n && name <= BigInt(geometry.clusterSize) ? Number(name) : geometry.clusterSize
  return Math.min(end, cluster.length)
}
