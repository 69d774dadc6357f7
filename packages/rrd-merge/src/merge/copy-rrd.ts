import type { Rrd } from '../format/types.ts'

/** An independent copy of an image: same header, own bytes. */
export function copyRrd({ header, bytes, cells }: Rrd): Rrd {
  // The cells must stay 8-aligned, so the bytes sit in their buffer as far from an 8-byte boundary as before.
  const shift = bytes.byteOffset % 8
  const buffer = new ArrayBuffer(shift + bytes.byteLength)
  const copy = new Uint8Array(buffer, shift)
  copy.set(bytes)
  const move = (view: Float64Array) =>
    new Float64Array(buffer, view.byteOffset - bytes.byteOffset + shift, view.length)
  return { header, bytes: copy, cells: cells.map(move) }
}
