import { open } from 'node:fs/promises'
import { decodeHeader, HEADER_PREFIX, measureHeader, type RrdHeader } from '../../format/index.ts'

/** Bytes that hold the header of most files, so that one read is enough. */
const USUAL = 16 * 1024

/**
 * The header of an RRD as it lies on the disk, so that an outcome is not proven by the word of the program that claims
 * it. Fails where the file is shorter than its own header says.
 */
export async function readRrdHeader(path: string): Promise<RrdHeader> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const read = async (length: number): Promise<Uint8Array> => {
    const buffer = Buffer.alloc(Math.min(length, size))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.subarray(0, bytesRead)
  }
  const head = await read(USUAL)
  const { prefixNeeded } = measureHeader(head.subarray(0, HEADER_PREFIX), size)
  return decodeHeader(prefixNeeded <= head.length ? head : await read(prefixNeeded), size)
}
