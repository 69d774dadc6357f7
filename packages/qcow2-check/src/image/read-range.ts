import type { BlockSource } from '../source/index.ts'

export interface RangeRead {
  /** As many bytes as the source has of the range. */
  readonly bytes: Uint8Array
  /** Why the rest could not be read; absent where the source just ends. */
  readonly error?: string
}

/**
 * Reads a range, and never throws: a source that fails (EIO, ESTALE), or has become shorter, yields what was read before,
 * and the reason.
 */
export async function readRange(source: BlockSource, offset: number, length: number): Promise<RangeRead> {
  const wanted = Math.max(0, Math.min(length, source.size - offset))
  const bytes = new Uint8Array(wanted)
  let done = 0
  try {
    while (done < wanted) {
      const pending = source.read(done === 0 ? bytes : bytes.subarray(done), offset + done)
      const count = typeof pending === 'number' ? pending : await pending
      if (count <= 0) break
      done += count
    }
  } catch (error) {
    return { bytes: bytes.subarray(0, done), error: error instanceof Error ? error.message : String(error) }
  }
  if (done === wanted) return { bytes }
  return { bytes: bytes.subarray(0, done), error: `it ends at ${offset + done}, before its length` }
}
