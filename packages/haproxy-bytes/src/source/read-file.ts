import type { FileHandle } from 'node:fs/promises'

const CHUNK = 1 << 20
const LINE_FEED = 0x0a
/** So far a file is read beyond its length when it was opened, for the end of a line that was then being written. */
const LAST_LINE = 1 << 20

/** Bytes of a file: `from` is in it, `to` is not. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/**
 * Reads a part of a file. A chunk is only valid until the next one is asked for: its memory is used again.
 *
 * @param room gives the memory of the next chunk, where it isn't this function's
 */
export async function* readRange(
  file: FileHandle,
  { from, to }: ByteRange,
  signal?: AbortSignal,
  room?: () => Uint8Array,
): AsyncGenerator<Uint8Array> {
  const own = room ? undefined : Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, to - from)))
  for (let at = from; at < to; ) {
    signal?.throwIfAborted()
    const buffer = own ?? (room as () => Uint8Array)()
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/**
 * Reads a file that may still be written: to its length when it was opened, and on to the end of the line in which that
 * lies.
 */
export async function* readGrowing(
  file: FileHandle,
  range: ByteRange,
  signal?: AbortSignal,
  room?: () => Uint8Array,
): AsyncGenerator<Uint8Array> {
  let last = LINE_FEED
  let length = 0
  for await (const chunk of readRange(file, range, signal, room)) {
    length += chunk.length
    last = chunk[chunk.length - 1] as number
    yield chunk
  }
  if (last === LINE_FEED || length < range.to - range.from) return
  for await (const chunk of readRange(file, { from: range.to, to: range.to + LAST_LINE }, signal)) {
    const end = chunk.indexOf(LINE_FEED)
    yield end < 0 ? chunk : chunk.subarray(0, end + 1)
    if (end >= 0) return
  }
}
