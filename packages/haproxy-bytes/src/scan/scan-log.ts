import { fstatSync } from 'node:fs'
import { LogClock } from '../clock/index.ts'
import { KernelSplitter } from '../kernel/index.ts'
import { LineSplitter } from '../lines/index.ts'
import {
  type ByteRange,
  DamagedError,
  IdentityReader,
  identityOfFile,
  type LogIdentity,
  type OpenedLog,
} from '../source/index.ts'
import { LineReader, type Reading } from '../transfer/index.ts'
import { partOf } from './part-of-log.ts'
import type { LineSink, LogLine, ScannedLog, ScanSettings } from './read-logs.ts'
import type { ReadFailure } from './scan-warning.ts'
import { isInsideAt } from './seek.ts'
import { SpanFilter } from './span-filter.ts'
import { isWhole, isWritten } from './unended-line.ts'

/** Reads one log. */
export async function scanLog(
  log: OpenedLog,
  number: number,
  settings: ScanSettings & {
    readonly piece?: ByteRange
    /** Given at once: tells how far the log is read, at any time. */
    readonly onBegin?: (soFar: () => ScannedLog) => void
  },
  sink: LineSink,
): Promise<{ readonly log: ScannedLog; readonly failure?: ReadFailure }> {
  const { path } = log
  const warn = settings.onWarning ?? (() => {})
  const piece = log.compression === 'none' ? settings.piece : undefined
  const wanted = settings.follow ? undefined : await partOf(log, piece, settings, sink)
  const part = wanted?.range
  // Whether a line begins at the very first byte is told by the byte before it.
  const begin = Math.max((part?.from ?? 0) - 1, 0)
  const clock = new LogClock(settings.zone, settings.follow ? Date.now : log.modified)
  const reader = new LineReader(
    settings.formats,
    (written, hint) => clock.instant(written, hint),
    settings.asked,
  )
  const { span } = settings
  const filter = span && new SpanFilter(span, clock, isInsideAt(log, part?.from ?? 0, { ...settings, span }))
  const line: { -readonly [Name in keyof LogLine]: LogLine[Name] } = {
    path,
    log: number,
    offset: 0,
    bytes: new Uint8Array(),
    from: 0,
    to: 0,
    fields: () => reader.fields(line.bytes),
  }
  const isOutside = (offset: number): boolean =>
    part !== undefined && (offset < part.from || offset >= part.to)
  const hand = (reading: Reading, bytes: Uint8Array, from: number, to: number, offset: number): void => {
    if (isOutside(offset)) return
    if (filter && !filter.takes(reading, bytes, from, to)) return
    line.bytes = bytes
    line.from = from
    line.to = to
    line.offset = offset
    sink.line(reading, line)
  }
  const fast = sink.begin?.(number, settings)
  const consumer = {
    line: (bytes: Uint8Array, from: number, to: number, offset: number): Reading => {
      const reading = reader.read(bytes, from, to)
      hand(reading, bytes, from, to, offset)
      return reading
    },
    ...(filter && {
      passed: (bytes: Uint8Array, from: number, to: number): void =>
        void filter.takes(reader.read(bytes, from, to), bytes, from, to),
    }),
    overlong: (_: number, offset: number): void => hand({ kind: 'too-long' }, NOTHING, 0, 0, offset),
    unended: (bytes: Uint8Array, from: number, to: number, offset: number): void => {
      if (isOutside(offset)) return
      const reading = reader.read(bytes, from, to)
      if (unfinished || settings.follow || (isWritten(log) && !isWhole(reader, reading, bytes, from, to))) {
        warn({ code: 'unfinished-line', path, offset })
        end = offset
      } else hand(reading, bytes, from, to, offset)
    },
  }
  const splitter = fast
    ? new KernelSplitter(fast, consumer, begin, part?.from ?? begin)
    : new LineSplitter(consumer, begin)
  // Digests take some time to load.
  const identity = part ? undefined : new IdentityReader()
  let unfinished = false
  let end: number | undefined
  let read = 0
  let failure: ReadFailure | undefined
  settings.onBegin?.(() => ({
    path,
    from: 0,
    to: splitter.offset,
    read,
    identity: identity?.identity() ?? UNKNOWN,
  }))
  const stop = settings.follow ? undefined : settings.signal
  try {
    const onGarbage = (offset: number): void => warn({ code: 'garbage', path, offset })
    for await (const chunk of log.chunks({
      onGarbage,
      onCut: (offset, as) =>
        warn(as === undefined ? { code: 'shrank', path, offset } : { code: 'copied', path, as }),
      ...(splitter instanceof KernelSplitter && { room: () => splitter.room() }),
      ...(part && { range: { from: begin, to: part.to } }),
      ...(stop && { signal: stop }),
    })) {
      stop?.throwIfAborted()
      identity?.write(chunk)
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
  sink.end?.(number)
  await sink.drain?.()
  const length = log.file && fstatSync(log.file.handle.fd).size
  if (!settings.follow && length !== undefined && length < (log.compression === 'none' ? begin + read : 0))
    warn({ code: 'shrank', path, offset: length })
  if (wanted?.search && read < (piece ? piece.to - piece.from : wanted.search.length)) {
    const { looked, ...search } = wanted.search
    warn({ code: 'sought', path, ...search, read: read + looked })
  }
  if (clock.ambiguous > 0) warn({ code: 'time-twice', path, lines: clock.ambiguous })
  const known =
    part && log.file && settings.identify !== false
      ? await identityOfFile(log.file.handle, log.file.length)
      : (identity?.identity() ?? { ...UNKNOWN, length: log.file?.length ?? 0 })
  const scanned = { path, from: 0, to: end ?? known.length, ...piece, read, identity: known }
  return { log: scanned, ...(failure && { failure }) }
}

const NOTHING = new Uint8Array()
const UNKNOWN: LogIdentity = { length: 0, checkpoints: [] }

/** A fault of the bytes or of the disk; whatever else was thrown is thrown on. */
function failureOf(path: string, read: number, error: unknown): ReadFailure {
  if (error instanceof DamagedError) return { path, offset: error.offset, why: error.message }
  if ((error as NodeJS.ErrnoException).syscall !== 'read') throw error
  return { path, offset: read, why: (error as Error).message }
}
