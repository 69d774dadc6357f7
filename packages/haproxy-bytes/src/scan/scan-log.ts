import { fstatSync } from 'node:fs'
import { LogClock } from '../clock/index.ts'
import { LineSplitter } from '../lines/index.ts'
import {
  type ByteRange,
  DamagedError,
  IdentityReader,
  identityOfFile,
  type OpenedLog,
} from '../source/index.ts'
import { LineReader, type Reading } from '../transfer/index.ts'
import type { LineSink, LogLine, ScannedLog, ScanSettings } from './read-logs.ts'
import type { ReadFailure } from './scan-warning.ts'
import { SpanFilter } from './span-filter.ts'

/** Reads one log. */
export async function scanLog(
  log: OpenedLog,
  number: number,
  settings: ScanSettings & { readonly piece?: ByteRange },
  sink: LineSink,
): Promise<{ readonly log: ScannedLog; readonly failure?: ReadFailure }> {
  const { path } = log
  const piece = log.compression === 'none' ? settings.piece : undefined
  // Whether a line begins at the very first byte is told by the byte before it.
  const begin = Math.max((piece?.from ?? 0) - 1, 0)
  const warn = settings.onWarning ?? (() => {})
  const clock = new LogClock(settings.zone, log.modified)
  const reader = new LineReader(
    settings.formats,
    (written, hint) => clock.instant(written, hint),
    settings.asked,
  )
  const filter = settings.span && new SpanFilter(settings.span, clock, false)
  const line: { -readonly [Name in keyof LogLine]: LogLine[Name] } = {
    path,
    log: number,
    offset: 0,
    bytes: new Uint8Array(),
    from: 0,
    to: 0,
  }
  const hand = (reading: Reading, bytes: Uint8Array, from: number, to: number, offset: number): void => {
    if (piece && (offset < piece.from || offset >= piece.to)) return
    if (filter && !filter.takes(reading, bytes, from, to)) return
    line.bytes = bytes
    line.from = from
    line.to = to
    line.offset = offset
    sink.line(reading, line)
  }
  const splitter = new LineSplitter(
    {
      line: (bytes, from, to, offset) => hand(reader.read(bytes, from, to), bytes, from, to, offset),
      overlong: (_, offset) => hand({ kind: 'too-long' }, NOTHING, 0, 0, offset),
      unended: (bytes, from, to, offset) => {
        const reading = reader.read(bytes, from, to)
        // A pipe that has ended is complete; a plain file may be written on.
        if (reading.kind !== 'transfer' && (unfinished || (log.file && log.compression === 'none')))
          warn({ code: 'unfinished-line', path, offset })
        else hand(reading, bytes, from, to, offset)
      },
    },
    begin,
  )
  const identity = new IdentityReader()
  let unfinished = false
  let read = 0
  let failure: ReadFailure | undefined
  try {
    const onGarbage = (offset: number): void => warn({ code: 'garbage', path, offset })
    for await (const chunk of log.chunks({
      onGarbage,
      ...(piece && { range: { from: begin, to: piece.to } }),
      ...(settings.signal && { signal: settings.signal }),
    })) {
      settings.signal?.throwIfAborted()
      if (!piece) identity.write(chunk)
      splitter.write(chunk)
      read += chunk.length
      settings.onProgress?.(read)
      await sink.drain?.()
    }
  } catch (error) {
    failure = failureOf(path, read, error)
    unfinished = true
  }
  splitter.end()
  await sink.drain?.()
  if (log.file && fstatSync(log.file.handle.fd).size < log.file.length)
    warn({ code: 'shrank', path, offset: fstatSync(log.file.handle.fd).size })
  if (clock.ambiguous > 0) warn({ code: 'time-twice', path, lines: clock.ambiguous })
  const known =
    piece && log.file ? await identityOfFile(log.file.handle, log.file.length) : identity.identity()
  const scanned = { path, from: 0, to: read, ...piece, identity: known }
  return { log: scanned, ...(failure && { failure }) }
}

const NOTHING = new Uint8Array()

/** A fault of the bytes or of the disk; whatever else was thrown is thrown on. */
function failureOf(path: string, read: number, error: unknown): ReadFailure {
  if (error instanceof DamagedError) return { path, offset: error.offset, why: error.message }
  if ((error as NodeJS.ErrnoException).syscall !== 'read') throw error
  return { path, offset: read, why: (error as Error).message }
}
