import { LogClock, readHaproxyDate } from '../clock/index.ts'
import { readEnvelope } from '../envelope/index.ts'
import { LineSplitter } from '../lines/index.ts'
import { fieldName, type LogFormat } from '../log-format/index.ts'
import type { ByteRange, FileFacts, OpenedLog } from '../source/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { LineReader, latin1, readStamp } from '../transfer/index.ts'
import {
  type Disorder,
  findWindow,
  type Hole,
  type InstantOf,
  OrderWatch,
  ProbedLines,
  SHUFFLED,
  SMALLEST_SEARCHED,
} from '../window/index.ts'
import type { ScanSettings } from './read-logs.ts'
import { instantOf } from './span-filter.ts'

type SeekSettings = Pick<ScanSettings, 'formats' | 'zone' | 'signal'> & { readonly span: TimeSpan }

/**
 * Where a span of time lies in a log; `disorder` and `hole` say why all of it has to be read. None of them: it can't be
 * searched.
 */
export interface Sought {
  readonly range?: ByteRange
  readonly disorder?: Disorder
  readonly hole?: Hole
  /** Bytes that were looked at, and at how many places. */
  readonly looked: number
  readonly places: number
}

/**
 * Finds the part of a plain file that holds a span of time, by looking at few of its lines. That those it looked at are
 * in order is checked; that all others are can only be told where they are read (`checkOrder`): who counts has to be told so.
 */
export function seekSpan(log: OpenedLog, settings: SeekSettings): Sought {
  if (!isSearchable(log, settings)) return { looked: 0, places: 0 }
  const stamps = { apart: false }
  const lines = new ProbedLines(
    log.file.handle.fd,
    log.file.length,
    instantReader(log, settings, () => {
      stamps.apart = true
    }),
    beginReader(log, settings),
  )
  const found = findWindow(lines, settings.span, settings.zone)
  const looked = { looked: lines.read, places: 'places' in found ? found.places : 0 }
  switch (found.kind) {
    case 'disorder':
      return { ...looked, disorder: found.disorder }
    case 'hole':
      return { ...looked, hole: found.hole }
    case 'range':
      return stamps.apart ? looked : { ...looked, range: found.range }
    default:
      return looked
  }
}

/** Reads a part of a file for the order of its lines alone. */
export async function checkOrder(
  log: OpenedLog,
  range: ByteRange,
  settings: SeekSettings,
): Promise<Disorder | undefined> {
  const { signal } = settings
  const watch = new OrderWatch(settings.zone)
  const instant = instantReader(log, settings)
  const splitter = new LineSplitter(
    {
      line(bytes, from, to, offset) {
        const at = instant(bytes, from, to)
        if (at !== undefined) watch.see(at, offset)
      },
    },
    range.from,
  )
  for await (const chunk of log.chunks({ range, ...(signal && { signal }) })) {
    splitter.write(chunk)
    if (watch.disorder) break
  }
  return watch.disorder
}

/** Whether the line before `place` lies in a span: lines without a time that follow it are taken for its neighbours. */
export function isInsideAt(log: OpenedLog, place: number, settings: SeekSettings): boolean {
  if (!log.file || place === 0) return true
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = settings.span
  const before = new ProbedLines(log.file.handle.fd, log.file.length, instantReader(log, settings)).before(
    place,
  )
  return before === undefined || (before.instant >= since && before.instant < until)
}

function isSearchable(
  log: OpenedLog,
  { formats }: SeekSettings,
): log is OpenedLog & { readonly file: FileFacts } {
  return (
    log.compression === 'none' &&
    log.file !== undefined &&
    log.file.length >= SMALLEST_SEARCHED &&
    formats.every(tellsEnd)
  )
}

/** A format with a date but without the duration tells when a transfer began: its lines are in no order of that. */
function tellsEnd({ items }: LogFormat): boolean {
  const names = new Set(items.flatMap((item) => (item.kind === 'field' ? [fieldName(item)] : [])))
  const has = (...some: readonly string[]): boolean => some.some((name) => names.has(name))
  if (has('tr', 'trg', 'trl') && names.has('Ta')) return true
  if (has('t', 'T', 'Tl') && names.has('Tt')) return true
  return !has('tr', 'trg', 'trl', 't', 'T', 'Tl')
}

/**
 * @param onApart a stamp is far from the end of the transfer beside it (another zone, a slow relay): lines that have a
 * stamp alone are then in another order than transfers
 */
function instantReader(log: OpenedLog, { formats, zone }: SeekSettings, onApart?: () => void): InstantOf {
  const clock = new LogClock(zone, log.modified)
  const reader = new LineReader(formats, (written, hint) => clock.instant(written, hint))
  return (bytes, from, to) => {
    const reading = reader.read(bytes, from, to)
    const instant = instantOf(reading, clock, bytes, from, to)
    if (onApart && instant !== undefined && reading.kind === 'transfer') {
      const stamp = readStamp(bytes, readEnvelope(bytes, from, to))
      if (stamp && Math.abs(clock.instant(stamp) - instant) > SHUFFLED) onApart()
    }
    return instant
  }
}

const OPEN = 0x5b
const CLOSE = 0x5d
const SLASH = 0x2f

/** When a transfer began, by what looks like a date of HAProxy in brackets: reading all of a line takes ten times as long. */
function beginReader(log: OpenedLog, { zone }: SeekSettings): InstantOf {
  const clock = new LogClock(zone, log.modified)
  return (bytes, from, to) => {
    for (let open = bytes.indexOf(OPEN, from); open >= 0 && open < to; open = bytes.indexOf(OPEN, open + 1)) {
      if (bytes[open + 3] !== SLASH || bytes[open + 7] !== SLASH) continue
      const close = bytes.indexOf(CLOSE, open)
      const written = close > to ? undefined : readHaproxyDate(latin1(bytes, open + 1, close))
      return written && clock.instant(written)
    }
    return undefined
  }
}
