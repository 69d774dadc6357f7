/**
 * What stands before a message, as far as it could be read. A relay may have taken parts away or doubled them, so the
 * message may begin at several places: `starts` has them, the likeliest first.
 */
export interface Envelope {
  /** Where the stamp is, -1 if there is none. */
  readonly stampFrom: number
  readonly stampTo: number
  readonly stampKind: StampKind
  readonly host?: readonly [from: number, to: number]
  /** Of `haproxy[1234]`, or of RFC 5424's fields. */
  readonly pid?: number
  /** Where it is written. */
  readonly pidAt?: readonly [from: number, to: number]
  readonly starts: readonly number[]
  /** The first start is behind a word with a colon that is no name of HAProxy's: one of the message may have it as well. */
  readonly anyTag?: true
}

/** `bsd`: `Nov 21 11:34:52`, no year and no zone; `iso`: RFC 3339, a zone with or without colon. */
export type StampKind = 'none' | 'bsd' | 'iso'

const BLANK = 0x20
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Reads the envelope of a line: RFC 3164 and 5424, `<PRI>` alone, what rsyslog's templates write, or none. */
export function readEnvelope(bytes: Uint8Array, from: number, to: number): Envelope {
  let at = skipOctetCount(bytes, from, to)
  const priority = skipPriority(bytes, at, to)
  const structured = priority > at && bytes[priority] === 0x31 && bytes[priority + 1] === BLANK
  at = priority
  if (structured) {
    const read = readRfc5424(bytes, at + 2, to)
    if (read) return read
  }
  const stampTo = bsdStampEnd(bytes, at, to) || isoStampEnd(bytes, at, to)
  if (stampTo === 0) return { stampFrom: -1, stampTo: -1, stampKind: 'none', starts: [at] }
  const stampKind = isDigit(bytes[at]) ? 'iso' : 'bsd'
  return afterStamp(bytes, { stampFrom: at, stampTo, stampKind }, to)
}

/** RFC 6587: the length of the message before it, on a stream. */
function skipOctetCount(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && at < from + 7 && isDigit(bytes[at])) at++
  return at > from && bytes[at] === BLANK && bytes[at + 1] === 0x3c ? at + 1 : from
}

function skipPriority(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== 0x3c) return from
  let at = from + 1
  while (at < to && at < from + 4 && isDigit(bytes[at])) at++
  return at > from + 1 && bytes[at] === 0x3e ? at + 1 : from
}

const BSD = 'AAA DD DD:DD:DD'
/** Gives the end, or 0. `Nov  1` has two blanks. */
function bsdStampEnd(bytes: Uint8Array, at: number, to: number): number {
  if (at + BSD.length > to) return 0
  for (let i = 0; i < BSD.length; i++) {
    const byte = bytes[at + i] as number
    const wanted = BSD[i]
    if (wanted === 'A' ? (byte | 32) < 0x61 || (byte | 32) > 0x7a : false) return 0
    if (wanted === 'D' && !isDigit(byte) && !(i === 4 && byte === BLANK)) return 0
    if ((wanted === ' ' || wanted === ':') && byte !== wanted.charCodeAt(0)) return 0
  }
  return at + BSD.length
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/
/** Gives the end, or 0. */
function isoStampEnd(bytes: Uint8Array, at: number, to: number): number {
  if (!isDigit(bytes[at]) || bytes[at + 4] !== 0x2d) return 0
  const text = String.fromCharCode(...bytes.subarray(at, Math.min(at + 40, to)))
  return at + (ISO.exec(text)?.[0].length ?? -at)
}

/** Host names, a tag, or neither: HAProxy's message may begin after any of them. */
function afterStamp(
  bytes: Uint8Array,
  { stampFrom, stampTo, stampKind }: Pick<Envelope, 'stampFrom' | 'stampTo' | 'stampKind'>,
  to: number,
): Envelope {
  let at = skipBlanks(bytes, stampTo, to)
  // Assembled without spreading, which took a tenth of a line's time.
  const starts = [at]
  const envelope: { -readonly [Name in keyof Envelope]: Envelope[Name] } = {
    stampFrom,
    stampTo,
    stampKind,
    starts,
  }
  for (let words = 0; words < 4 && at < to; words++) {
    const end = wordEnd(bytes, at, to)
    const next = skipBlanks(bytes, end, to)
    const tag = tagOf(bytes, at, end)
    if (tag) {
      if (tag !== 'no pid') {
        envelope.pid = tag.pid
        envelope.pidAt = tag.pidAt
      } else if (!isHaproxy(bytes, at)) envelope.anyTag = true
      starts.unshift(next)
      break
    }
    envelope.host ??= [at, end]
    if (next < to) starts.push(next)
    at = next
  }
  return envelope
}

/** Once it is known where the message begins: a word of its own is no host, and no tag. */
export function envelopeBefore(start: number, envelope: Envelope): Envelope {
  const { host, pidAt, stampFrom, stampTo, stampKind, starts } = envelope
  const first = host?.[0] ?? pidAt?.[0] ?? -1
  return first < start ? envelope : { stampFrom, stampTo, stampKind, starts }
}

const NAME = Buffer.from('haproxy')
const isHaproxy = (bytes: Uint8Array, at: number): boolean =>
  NAME.every((byte, offset) => bytes[at + offset] === byte)

type Pid = Required<Pick<Envelope, 'pid' | 'pidAt'>>

/** `haproxy[123]:`, `haproxy:`, `haproxy[123]` */
function tagOf(bytes: Uint8Array, at: number, end: number): Pid | 'no pid' | undefined {
  const colon = bytes[end - 1] === 0x3a
  const last = colon ? end - 1 : end
  if (bytes[last - 1] !== 0x5d)
    return colon && !isDigit(bytes[at]) && bytes[at] !== 0x3a ? 'no pid' : undefined
  const open = bytes.lastIndexOf(0x5b, last - 1)
  if (open <= at) return undefined
  let pid = 0
  for (let i = open + 1; i < last - 1; i++) {
    if (!isDigit(bytes[i])) return undefined
    pid = pid * 10 + (bytes[i] as number) - 0x30
  }
  return { pid, pidAt: [open + 1, last - 1] }
}

/** After the version: `STAMP HOST APP PID MSGID SD MESSAGE`. */
function readRfc5424(bytes: Uint8Array, from: number, to: number): Envelope | undefined {
  const words: [number, number][] = []
  let at = from
  for (let word = 0; word < 5; word++) {
    const end = wordEnd(bytes, at, to)
    if (end === at || end === to) return undefined
    words.push([at, end])
    at = end + 1
  }
  const [stamp, host, , process] = words as [[number, number], [number, number], unknown, [number, number]]
  const dataEnd = bytes[at] === 0x2d ? at + 1 : structuredDataEnd(bytes, at, to)
  if (dataEnd < 0) return undefined
  const pidAt = [process[0], Math.min(process[1], process[0] + 10)] as const
  const pid = Number(String.fromCharCode(...bytes.subarray(...pidAt)))
  return {
    stampFrom: stamp[0],
    stampTo: stamp[1],
    stampKind: isDigit(bytes[stamp[0]]) ? 'iso' : 'none',
    ...(!isNil(bytes, host) && { host }),
    ...(Number.isSafeInteger(pid) && { pid }),
    pidAt,
    starts: [skipBlanks(bytes, dataEnd, to)],
  }
}

const isNil = (bytes: Uint8Array, [from, to]: readonly [number, number]): boolean =>
  to === from + 1 && bytes[from] === 0x2d

/** `[id name="value"]...`; within a value `\]` and `\"` don't end it. */
function structuredDataEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (bytes[at] === 0x5b && at < to) {
    let quoted = false
    for (at++; at < to; at++) {
      const byte = bytes[at]
      if (byte === 0x5c && quoted) at++
      else if (byte === 0x22) quoted = !quoted
      else if (byte === 0x5d && !quoted) break
    }
    if (at >= to) return -1
    at++
  }
  return at === from ? -1 : at
}

function wordEnd(bytes: Uint8Array, at: number, to: number): number {
  let end = at
  while (end < to && bytes[end] !== BLANK) end++
  return end
}

function skipBlanks(bytes: Uint8Array, at: number, to: number): number {
  let next = at
  while (next < to && bytes[next] === BLANK) next++
  return next
}
