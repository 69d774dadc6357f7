import { Random } from '../random.ts'
import { type ProxyReader, transferOf } from './held.ts'
import type { Logged } from './logged.ts'
import { textsOf } from './other-readings.ts'
import { CAPTURES, DATES, NAMES, NUMBERS, STATES, ZONED_DATES } from './vocabulary.ts'

/** `hidden`: the line as it is now is one that HAProxy could have written for another transfer: nothing shows the damage. */
export interface Damage {
  readonly lines: number
  readonly hidden: number
  readonly faults: readonly string[]
}

const CLOSED = [NUMBERS, STATES, DATES, ZONED_DATES, NAMES, CAPTURES]

/**
 * Whether bytes are counted before the first text of a client's, not at the very end, and with something behind them
 * that is no number: then no cut can change them.
 */
function countsFirst({ proxy }: Logged): boolean {
  const { items } = proxy.format
  const firstOpen = items.findIndex(
    (item) => item.kind === 'field' && !CLOSED.some((names) => names.has(item.name)),
  )
  const last = items.findLastIndex(({ kind }) => kind === 'field')
  return ['B', 'U'].every((name) => {
    const at = items.findIndex((item) => item.kind === 'field' && item.name === name)
    const next = items[at + 1]
    const isParted = next?.kind === 'blank' || (next?.kind === 'text' && !/^[\d+-]/.test(next.text))
    return at < 0 || (at < last && isParted && (firstOpen < 0 || at < firstOpen))
  })
}

type Counts = readonly (number | undefined)[]

/** What is wrong with a damaged line that is read as a transfer; `hidden` where its bytes say just that. */
function faultOf(
  { reader }: ProxyReader,
  logged: Logged,
  line: Buffer,
  wanted: Counts,
): 'hidden' | string | undefined {
  const reading = reader.read(line, 0, line.length)
  if (reading.kind !== 'transfer') return undefined
  const { transfer } = reading
  const read = [transfer.bytesOut, transfer.bytesIn]
  if (read.every((count, at) => count === wanted[at])) return undefined
  const message = line.toString('latin1', logged.line.length - logged.message.length)
  const { items } = logged.proxy.format
  // Relays add blanks at the end of lines: those that a cut has left there may be none of the message's.
  const isReading = [message, message.replace(/ +$/, '')].some((text) =>
    ['B', 'U'].every((name, at) => {
      const texts = items.flatMap((item, number) =>
        item.kind === 'field' && item.name === name ? [...textsOf(items, number, text)] : [],
      )
      return read[at] === wanted[at] || texts.some((one) => Number(one.replace('+', '')) === read[at])
    }),
  )
  return isReading ? 'hidden' : `${read} bytes instead of ${wanted} in ${message}`
}

const countsOf = (logged: Logged): Counts => {
  const { bytesOut, bytesIn } = transferOf(logged) as Record<string, number | undefined>
  return [bytesOut, bytesIn]
}

/** What is wrong with a line that HAProxy cut off itself. */
export function ownCut(reader: ProxyReader, logged: Logged): Damage {
  const fault = faultOf(reader, logged, logged.line, countsOf(logged))
  const isHidden = fault === 'hidden' && !countsFirst(logged)
  return { lines: 1, hidden: isHidden ? 1 : 0, faults: fault && !isHidden ? [fault] : [] }
}

/** The line cut at every byte of its message, as `len` of HAProxy and every relay do it. */
export function cuts(reader: ProxyReader, logged: Logged): Damage {
  const { line, message } = logged
  const wanted = countsOf(logged)
  const faults: string[] = []
  let hidden = 0
  for (let to = line.length - message.length; to < line.length; to++) {
    const fault = faultOf(reader, logged, line.subarray(0, to), wanted)
    if (fault === 'hidden' && !countsFirst(logged)) hidden++
    else if (fault) faults.push(`cut by ${line.length - to}: ${fault}`)
  }
  return { lines: message.length, hidden, faults }
}

const FLIPS = 16
const LINE_FEED = 10

/** Single bits flipped, but those of the byte counts themselves. */
export function flips(reader: ProxyReader, logged: Logged, seed: number): Damage {
  const { line, message } = logged
  const { matcher } = reader
  const wanted = countsOf(logged)
  const random = new Random(seed + line.length)
  const start = line.length - message.length
  const isCounted = (at: number): boolean =>
    matcher.fields.some(
      ({ alias }, field) =>
        (alias === 'B' || alias === 'U') &&
        at >= (matcher.spans.from[field] as number) &&
        at < (matcher.spans.to[field] as number),
    )
  const faults: string[] = []
  let hidden = 0
  if (matcher.match(message, 0, message.length) !== 'whole') return { lines: 0, hidden, faults }
  for (let turn = 0; turn < FLIPS; turn++) {
    const at = random.below(message.length)
    const flipped = Buffer.from(line)
    flipped[start + at] = (line[start + at] as number) ^ (1 << random.below(8))
    if (flipped[start + at] === LINE_FEED || isCounted(at)) continue
    const fault = faultOf(reader, logged, flipped, wanted)
    if (fault === 'hidden') hidden++
    else if (fault) faults.push(`byte ${at} flipped: ${fault}`)
  }
  return { lines: FLIPS, hidden, faults }
}
