import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Compression, compressionOf, decompress, SNIFFED, zstdReader } from './decompress.ts'

/** One log as it is read. */
export interface OpenedLog {
  readonly path: string
  readonly compression: Compression
  /** ms of UTC; the last line can't be much later. */
  readonly modified: number
  /** Chunks of the text, decompressed. */
  readonly chunks: Readable
}

const CHUNK = 1 << 20

/** Opens a file, compressed or not. @throws NodeJS.ErrnoException */
export async function openLog(path: string, signal?: AbortSignal): Promise<OpenedLog> {
  const { mtimeMs } = statSync(path)
  const compression = compressionOf(readBeginning(path))
  const file = createReadStream(path, { highWaterMark: CHUNK, ...(signal && { signal }) })
  const reader = compression === 'zstd' ? zstdReader() : 'node'
  return { path, compression, modified: mtimeMs, chunks: await decompress(file, compression, reader) }
}

function readBeginning(path: string): Uint8Array {
  const bytes = new Uint8Array(SNIFFED)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, SNIFFED, 0))
  } finally {
    closeSync(file)
  }
}
