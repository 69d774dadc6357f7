import { Qcow2Error } from '../errors.ts'
import {
  decodeHeader,
  decodeHeaderExtensions,
  encodeHeader,
  type Header,
  hasMagic,
  LIMITS,
  V3_HEADER_LENGTH,
} from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { readRange } from './read-range.ts'

/** What one read at the beginning of the image shows. */
export interface HeaderBytes {
  /** The first cluster, as far as it could be read. */
  readonly cluster: Uint8Array
  /** Its version is 2 or 3: the one that the rest fits, where `version` is another. */
  readonly header: Header
  readonly magic: boolean
  /** As it stands there. */
  readonly version: number
  readonly error?: string
}

/** Holds the header and all extensions that QEMU writes, whatever the cluster size. */
const FIRST_READ = 4096

/**
 * @param instead taken for the header; then nothing of what stands there is believed, extensions neither
 * @throws Qcow2Error `not-qcow2`: nothing there looks like QCOW2; `unreadable`: it can't be read
 */
export async function readHeaderBytes(source: BlockSource, instead?: Header): Promise<HeaderBytes> {
  if (instead !== undefined)
    return { cluster: encodeHeader(instead), header: instead, magic: true, version: instead.version }
  const first = await readRange(source, 0, FIRST_READ)
  if (first.error !== undefined && first.bytes.length < V3_HEADER_LENGTH)
    throw new Qcow2Error('unreadable', source.name, `can't be read: ${first.error}`)
  const version = decodeHeader(first.bytes).version
  const header = decodeHeader(withVersion(first.bytes, version))
  const magic = hasMagic(first.bytes)
  if (!magic && !plausible(header, version, source.size))
    throw new Qcow2Error('not-qcow2', source.name, 'is not a QCOW2 image')
  const read = reachesFurther(first.bytes, header) ? await readRange(source, 0, clusterSizeOf(header)) : first
  return {
    cluster: read.bytes,
    header,
    magic,
    version,
    ...(read.error !== undefined && { error: read.error }),
  }
}

/** True if extensions or the name of the backing file go on behind these bytes. */
function reachesFurther(bytes: Uint8Array, header: Header): boolean {
  const { headerLength, backingFileOffset, backingFileSize } = header
  const clusterSize = clusterSizeOf(header)
  if (clusterSize <= bytes.length) return false
  if (Number(backingFileOffset) + backingFileSize > bytes.length) return true
  const end = backingFileOffset === 0n ? clusterSize : Number(backingFileOffset)
  const known = decodeHeaderExtensions(bytes, headerLength, Math.min(end, bytes.length))
  return known.brokenAt !== undefined || (known.end >= bytes.length && known.end < end)
}

/** As far as it can be believed; else the least that holds every field. */
function clusterSizeOf({ clusterBits }: Header): number {
  return clusterBits <= LIMITS.clusterBits.max ? 2 ** clusterBits : FIRST_READ
}

/** The same bytes with a version that is known. */
function withVersion(bytes: Uint8Array, version: number): Uint8Array {
  if (version === 2 || version === 3) return bytes
  const fixed = new Uint8Array(Math.max(bytes.length, 112))
  fixed.set(bytes)
  const view = new DataView(fixed.buffer)
  view.setUint32(4, 3)
  const { refcountOrder, headerLength } = decodeHeader(fixed)
  const fits =
    refcountOrder <= LIMITS.refcountOrder && headerLength >= V3_HEADER_LENGTH && headerLength <= 4096
  view.setUint32(4, fits ? 3 : 2)
  return fixed
}

/** Without its magic, a beginning is taken for a header if all that must hold in one does. */
function plausible(header: Header, version: number, fileSize: number): boolean {
  if (version !== 2 && version !== 3) return false
  const { clusterBits, refcountOrder, l1TableOffset, refcountTableOffset } = header
  if (clusterBits < LIMITS.clusterBits.min || clusterBits > LIMITS.clusterBits.max) return false
  if (refcountOrder > LIMITS.refcountOrder || refcountTableOffset === 0n) return false
  return [l1TableOffset, refcountTableOffset].every(
    (offset) => offset % BigInt(2 ** clusterBits) === 0n && offset < BigInt(fileSize),
  )
}
