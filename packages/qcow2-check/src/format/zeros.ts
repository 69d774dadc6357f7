const ZEROS = new Uint8Array(65_536)
/** Bytes; less is looked through sooner than compared. */
const SMALLEST = 512

/** Free space is mostly holes; memory is compared faster than entries are looked for. */
export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length)
    if (Buffer.compare(part, ZEROS.subarray(0, part.length)) !== 0) return false
  }
  return true
}

/** Bytes up to which something can stand there; behind them are zeros alone, as behind the entries of most tables. */
export function filledLength(bytes: Uint8Array): number {
  let end = bytes.length
  for (let piece = end >>> 1; piece >= SMALLEST; piece >>>= 1)
    if (isZero(bytes.subarray(end - piece, end))) end -= piece
  return end
}
