import { fstatSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pathOfText } from '@nightshift/tooling/terminal'
import { HaproxyBytesError } from '../errors.ts'
import { type Compression, compressionOf, decompress, SNIFFED, zstdReader } from './decompress.ts'
import { type ByteRange, readGrowing, readRange } from './read-file.ts'
import { refusalOf, unreadable } from './refusal.ts'

export interface ChunkOptions {
  /** Of a plain file alone: only these bytes. */
  readonly range?: ByteRange
  readonly signal?: AbortSignal
  /** Of a plain file alone: gives where the next bytes are read to, where that is not its own memory. */
  readonly room?: () => Uint8Array
  /** Told where bytes begin, in the compressed file, that are no part of it. */
  readonly onGarbage?: (offset: number) => void
  /** Of a log that is followed: told that it was cut to so many bytes, and which copy of it was read to its end. */
  readonly onCut?: (length: number, copy: string | undefined) => void
}

/** One log, open. */
export interface OpenedLog {
  /** As it was named; `-` is standard input. */
  readonly path: string
  readonly compression: Compression
  /** ms of UTC; the last line can't be much later. */
  readonly modified: number
  /** By which a file is known under several names; undefined of a pipe. */
  readonly file?: FileFacts
  /** Chunks of the text, decompressed, each valid until the next one is asked for. A pipe gives them once. */
  chunks(options?: ChunkOptions): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

export interface FileFacts {
  readonly handle: FileHandle
  readonly device: number
  readonly inode: number
  /** Bytes, when it was opened. */
  readonly length: number
}

/** Opens a log, compressed or not: a file, or a pipe by its name. @throws HaproxyBytesError */
export async function openLog(path: string): Promise<OpenedLog> {
  let handle: FileHandle | undefined
  try {
    const name = pathOfText(path)
    // A socket can't be opened, and opening a device may do something: what it is, is looked at before.
    const stats = await stat(name)
    const refusal = refusalOf(path, stats)
    if (refusal) throw refusal
    handle = await open(name, 'r')
    return stats.isFIFO() ? await openedPipe(path, handle) : openedFile(path, handle, await factsOf(handle))
  } catch (error) {
    await handle?.close()
    throw error instanceof HaproxyBytesError ? error : unreadable(path, error)
  }
}

/** Standard input, or whatever else comes as a stream. */
export async function openStream(path: string, stream: Readable): Promise<OpenedLog> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const head: Uint8Array[] = []
  let length = 0
  while (length < SNIFFED) {
    const next = await source.next()
    if (next.done) break
    head.push(next.value)
    length += next.value.length
  }
  const compression = compressionOf(Buffer.concat(head))
  async function* bytes(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    yield* head.splice(0)
    for (;;) {
      signal?.throwIfAborted()
      const next = await source.next()
      if (next.done) return
      yield next.value
    }
  }
  return {
    path,
    compression,
    modified: Date.now(),
    chunks: ({ signal, onGarbage } = {}) =>
      decompress(bytes(signal), compression, { ...(onGarbage && { onGarbage }) }),
    close: async () => void stream.destroy(),
  }
}

async function openedPipe(path: string, handle: FileHandle): Promise<OpenedLog> {
  return await openStream(path, handle.createReadStream())
}

async function factsOf(handle: FileHandle): Promise<LogFacts> {
  const { dev, ino, size, mtimeMs } = fstatSync(handle.fd)
  const beginning = new Uint8Array(SNIFFED)
  const { bytesRead } = await handle.read(beginning, 0, SNIFFED, 0)
  const compression = compressionOf(beginning.subarray(0, bytesRead))
  return { device: dev, inode: ino, length: size, compression, modified: mtimeMs }
}

/** What is known of an open file. */
export type LogFacts = Omit<FileFacts, 'handle'> & Pick<OpenedLog, 'compression' | 'modified'>

/** A file that is open already. */
export function openedFile(
  path: string,
  handle: FileHandle,
  { compression, modified, ...file }: LogFacts,
): OpenedLog {
  const whole = { from: 0, to: file.length }
  return {
    path,
    compression,
    modified,
    file: { handle, ...file },
    chunks: ({ range, signal, room, onGarbage } = {}) => {
      if (compression === 'none') return readGrowing(handle, range ?? whole, signal, room)
      const reader = compression === 'zstd' ? zstdReader() : undefined
      return decompress(readRange(handle, whole, signal), compression, {
        ...(reader && { reader }),
        descriptor: handle.fd,
        ...(onGarbage && { onGarbage }),
      })
    },
    close: () => handle.close(),
  }
}
