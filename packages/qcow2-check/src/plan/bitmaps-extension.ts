import {
  AUTOCLEAR,
  type BitmapsExtension,
  decodeHeaderExtensions,
  EXTENSION,
  encodeBitmapsExtension,
  encodeHeaderExtensions,
} from '../format/index.ts'
import type { Image } from '../image/image.ts'
import type { Edit } from './draft.ts'

const BACKING_AT = 8
const AUTOCLEAR_AT = 88
const V3_HEADER = 104

/**
 * The bytes of the first cluster with this extension, and the bit that says that bitmaps are valid. All that is known of
 * other bitmaps goes: the caller has put them into the new directory.
 *
 * @param cluster the first cluster of the image as it is
 * @param extension undefined: there are no bitmaps any more
 * @returns undefined if there is no room for it, or what stands there can't be understood
 */
export function bitmapsExtensionEdits(
  { header, geometry }: Image,
  cluster: Uint8Array,
  extension: BitmapsExtension | undefined,
): readonly Edit[] | undefined {
  const { headerLength, backingFileOffset, backingFileSize, autoclearFeatures } = header
  const nameAt = backingFileOffset > 0n ? Number(backingFileOffset) : undefined
  const limit = nameAt ?? geometry.clusterSize
  if (headerLength < V3_HEADER || limit <= headerLength || limit > geometry.clusterSize) return undefined
  const { extensions, brokenAt, end } = decodeHeaderExtensions(cluster, headerLength, limit)
  if (brokenAt !== undefined) return undefined
  const others = extensions.filter(({ type }) => type !== EXTENSION.bitmaps)
  const own = extension ? [{ type: EXTENSION.bitmaps, data: encodeBitmapsExtension(extension) }] : []
  const features = extension ? autoclearFeatures | AUTOCLEAR.bitmaps : autoclearFeatures & ~AUTOCLEAR.bitmaps
  const name = nameAt === undefined ? undefined : cluster.slice(nameAt, nameAt + backingFileSize)
  // The names of features are there for people alone, and QEMU leaves them out of small clusters.
  for (const kept of [others, others.filter(({ type }) => type !== EXTENSION.featureNames)]) {
    const encoded = encodeHeaderExtensions([...kept, ...own])
    const inPlace = headerLength + encoded.length <= limit
    const moved = name !== undefined && !inPlace ? name : undefined
    const stop = headerLength + encoded.length + (moved?.length ?? 0)
    if (stop > geometry.clusterSize) continue
    const was = moved && nameAt !== undefined ? nameAt + moved.length : end
    const bytes = cluster.slice(AUTOCLEAR_AT, Math.max(stop, was))
    bytes.fill(0, headerLength - AUTOCLEAR_AT)
    bytes.set(encoded, headerLength - AUTOCLEAR_AT)
    if (moved) bytes.set(moved, headerLength + encoded.length - AUTOCLEAR_AT)
    bytes.set(bigEndian(features))
    const edits: Edit[] = [{ offset: AUTOCLEAR_AT, bytes, phase: 'header' }]
    if (moved)
      edits.push({ offset: BACKING_AT, bytes: bigEndian(headerLength + encoded.length), phase: 'header' })
    return edits
  }
  return undefined
}

function bigEndian(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
