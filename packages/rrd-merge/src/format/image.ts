import { abiOf, HOST_LITTLE_ENDIAN } from './architecture.ts'
import { RrdError } from './error.ts'
import { decodeHeader } from './header.ts'
import { cellsEnd } from './layout.ts'
import type { Architecture, Rrd, RrdHeader } from './types.ts'

/**
 * Bytes to leave free in front of a file, in memory that is itself 8-aligned, so that its cells are 8-aligned:
 * 0 to 7. Only files of 32-bit architectures need any.
 */
export const cellAreaAlignment = (headerLength: number): number => (8 - (headerLength % 8)) % 8

/** Whether the cells of such a file are in the other byte order than this machine's. */
export const cellsNeedSwap = (architecture: Architecture): boolean =>
  abiOf(architecture).littleEndian !== HOST_LITTLE_ENDIAN

/**
 * Turns the cell area of `bytes` from the file's byte order to this machine's or back, in place. Bytes are moved,
 * not numbers: the payload of a NaN survives. Does nothing where both orders are the same.
 */
export const swapCells = (bytes: Uint8Array, header: RrdHeader): void => {
  if (!cellsNeedSwap(header.architecture)) return
  const length = cellsEnd(header) - header.length
  Buffer.from(bytes.buffer, bytes.byteOffset + header.length, length).swap64()
}

const alignedCopy = (bytes: Uint8Array, headerLength: number): Uint8Array => {
  const pad = cellAreaAlignment(headerLength)
  const copy = new Uint8Array(new ArrayBuffer(pad + bytes.length), pad)
  copy.set(bytes)
  return copy
}

/**
 * Opens an image on a file's bytes. It takes them over: where the cells are 8-aligned in memory the image is the
 * bytes themselves, and a file of the other byte order has its cell area turned in place; otherwise they are copied.
 *
 * @param bytes the whole file
 * @param header what `decodeHeader` said about these bytes, to save decoding them again
 * @throws RrdError as `decodeHeader`
 */
export const rrdFromBytes = (bytes: Uint8Array, header: RrdHeader = decodeHeader(bytes)): Rrd => {
  if (bytes.length < cellsEnd(header)) {
    throw new RrdError('EUSAGE', `the image needs ${cellsEnd(header)} bytes, ${bytes.length} were given`)
  }
  const aligned = (bytes.byteOffset + header.length) % 8 === 0
  const image = aligned ? bytes : alignedCopy(bytes, header.length)
  swapCells(image, header)
  const dsCount = header.dataSources.length
  const cells = header.archives.map(
    (archive) =>
      new Float64Array(image.buffer, image.byteOffset + archive.offset, archive.rowCount * dsCount),
  )
  return { header, bytes: image, cells }
}

/**
 * The bytes of the file as they stand on disk. The image's own bytes where the byte orders agree, else a copy with
 * the cells turned back (`swapCells` does it in place for those who need the image no more).
 */
export const rrdToBytes = (rrd: Rrd): Uint8Array => {
  if (!cellsNeedSwap(rrd.header.architecture)) return rrd.bytes
  const copy = alignedCopy(rrd.bytes, rrd.header.length)
  swapCells(copy, rrd.header)
  return copy
}
