import { between, type WireTerm } from './figure.ts'

/** `0`, an empty line and their ends. */
const LAST_CHUNK = 5
/** The end of a chunked message is a byte of HAProxy's inner form (measured: comp_in is 100001 for 100000). */
const END_MARK = 1
/** One byte a chunk: `1`, its end, the byte's end. Trailers cost 4 a field, which is less. */
const MOST_PER_BYTE = 5
/** Of HAProxy's buffer of 16384 that a body usually finds free. */
const USUAL_CHUNK = 15_360

/**
 * Chunk framing and trailers of a body of so many bytes. Chunks are those of the leg: two of 500 bytes that arrive
 * together leave as one (measured), so the least is one chunk and the most a chunk for every byte.
 * @param least @param most bytes of body and trailers, the end mark not counted
 */
export function chunkFraming(least: number, most: number): WireTerm {
  const bytes = Math.max(0, most)
  const low = least > 0 ? LAST_CHUNK + 4 : LAST_CHUNK
  const high = MOST_PER_BYTE * bytes + LAST_CHUNK
  return between('framing', low - END_MARK, high - END_MARK, Math.min(high, usual(bytes)) - END_MARK)
}

function usual(bytes: number): number {
  if (bytes === 0) return LAST_CHUNK
  const chunks = Math.ceil(bytes / USUAL_CHUNK)
  const digits = Math.min(bytes, USUAL_CHUNK).toString(16).length
  return LAST_CHUNK + chunks * (digits + 4)
}
