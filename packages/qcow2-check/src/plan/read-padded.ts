import type { BlockSource } from '../source/index.ts'

/**
 * A stretch of the file; what lies beyond its end reads as zeros, as QEMU reads it.
 *
 * @throws what the source throws: a plan is not made from bytes that can't be read
 */
export async function readPadded(source: BlockSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  await readInto(source, bytes, offset)
  return bytes
}

/** The same, into memory that is there already. */
export async function readInto(source: BlockSource, target: Uint8Array, offset: number): Promise<void> {
  const wanted = Math.max(0, Math.min(target.length, source.size - offset))
  let done = 0
  while (done < wanted) {
    const pending = source.read(target.subarray(done, wanted), offset + done)
    const count = typeof pending === 'number' ? pending : await pending
    if (count <= 0) break
    done += count
  }
  target.fill(0, done)
}
