import type { Spans } from './spans.ts'
import type { Step } from './step.ts'

const BLANK = 0x20
const QUOTE = 0x22
const COLON = 0x3a

/** The message ended in the midst of a step: what can't be said of one whose bytes differ. */
export const CUT = -2
export const DIFFERS = -1

/** Walks over closed steps from `at`. Gives where they end, `CUT` or `DIFFERS`. Spans are set as far as it came. */
export function walkSteps(
  steps: readonly Step[],
  bytes: Uint8Array,
  at: number,
  end: number,
  spans: Spans,
): number {
  const begin = at
  let position = at
  for (const step of steps) {
    const next = walkStep(step, bytes, position, end, begin, spans)
    if (next < 0) return next
    position = next
  }
  return position
}

function walkStep(
  step: Step,
  bytes: Uint8Array,
  at: number,
  end: number,
  begin: number,
  spans: Spans,
): number {
  switch (step.kind) {
    case 'literal': {
      const { length } = step.bytes
      for (let i = 0; i < length; i++) {
        if (at + i === end) return CUT
        if (bytes[at + i] !== step.bytes[i]) return DIFFERS
      }
      return at + length
    }
    case 'separator':
      if (at < end && bytes[at] === BLANK) return at + 1
      if (at > begin && bytes[at - 1] === BLANK) return at
      return at === end ? CUT : DIFFERS
    case 'run': {
      let to = at
      while (to < end && step.alphabet[bytes[to] as number] === 1) to++
      if (to === at) return to === end ? CUT : DIFFERS
      return put(spans, step.field, at, to)
    }
    case 'quoted': {
      if (at === end) return CUT
      if (bytes[at] !== QUOTE) return DIFFERS
      const to = bytes.indexOf(QUOTE, at + 1)
      if (to < 0 || to >= end) return CUT
      put(spans, step.field, at + 1, to)
      return to + 1
    }
    case 'zoned-date':
      return walkZonedDate(bytes, at, end, step.field, spans)
    case 'captures':
      return walkCaptures(bytes, at, end, step, spans)
    case 'capture-list':
      return walkCaptureList(bytes, at, end, step, spans)
    case 'address-port':
      return walkAddressPort(bytes, at, end, step, spans)
  }
}

function put(spans: Spans, field: number, from: number, to: number): number {
  spans.from[field] = from
  spans.to[field] = to
  return to
}

const ZONED_DATE = /^\d\d\/[A-Z][a-z][a-z]\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/
const ZONED_DATE_LENGTH = 26

function walkZonedDate(bytes: Uint8Array, at: number, end: number, field: number, spans: Spans): number {
  const to = at + ZONED_DATE_LENGTH
  if (to > end) return CUT
  const text = String.fromCharCode(...bytes.subarray(at, to))
  return ZONED_DATE.test(text) ? put(spans, field, at, to) : DIFFERS
}

function walkCaptures(
  bytes: Uint8Array,
  at: number,
  end: number,
  { field, blank }: { field: number; blank: boolean },
  spans: Spans,
): number {
  if (at === end || bytes[at] !== 0x7b) {
    put(spans, field, at, at)
    return at
  }
  // `}` within a capture is written as #7D.
  const to = bytes.indexOf(0x7d, at + 1)
  if (to < 0 || to >= end) return CUT
  put(spans, field, at, to + 1)
  return afterVanishing(bytes, to + 1, end, blank)
}

function walkCaptureList(
  bytes: Uint8Array,
  at: number,
  end: number,
  { field, blank }: { field: number; blank: boolean },
  spans: Spans,
): number {
  let to = at
  while (to < end && bytes[to] === QUOTE) {
    const close = bytes.indexOf(QUOTE, to + 1)
    if (close < 0 || close >= end) return CUT
    to = close + 1
    if (to + 1 < end && bytes[to] === BLANK && bytes[to + 1] === QUOTE) to++
    else break
  }
  put(spans, field, at, to)
  // Nothing shows where request captures end and response captures begin: the first list takes both.
  return to === at || to === end ? to : afterVanishing(bytes, to, end, blank)
}

function afterVanishing(bytes: Uint8Array, at: number, end: number, blank: boolean): number {
  if (!blank) return at
  if (at === end) return CUT
  return bytes[at] === BLANK ? at + 1 : DIFFERS
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39
/** Ports are decimal, hexadecimal under +X, or `-`. */
const isPort = (byte: number | undefined): boolean =>
  isDigit(byte) || byte === 0x2d || (byte !== undefined && (byte | 32) >= 0x61 && (byte | 32) <= 0x66)

function walkAddressPort(
  bytes: Uint8Array,
  at: number,
  end: number,
  { field, port }: { field: number; port: number },
  spans: Spans,
): number {
  let to = at
  while (to < end && (bytes[to] as number) > BLANK && bytes[to] !== 0x5b && bytes[to] !== QUOTE) to++
  let colon = to - 1
  while (colon > at && bytes[colon] !== COLON) colon--
  // rsyslog takes `127.0.0.1:` for a tag when there is none, and puts a blank after it.
  if (colon === to - 1 && colon > at && bytes[to] === BLANK && isDigit(bytes[to + 1])) {
    let last = to + 1
    while (last < end && isPort(bytes[last])) last++
    put(spans, field, at, colon)
    return put(spans, port, to + 1, last)
  }
  if (colon > at) {
    let last = colon + 1
    while (last < to && isPort(bytes[last])) last++
    if (last === colon + 1) return last === end ? CUT : DIFFERS
    put(spans, field, at, colon)
    return put(spans, port, colon + 1, last)
  }
  // The address was taken for a tag and is lost: `47766 [21/Nov/...`.
  let last = at
  while (last < to && isDigit(bytes[last])) last++
  if (last === at || last !== to) return to === end ? CUT : DIFFERS
  put(spans, field, -1, -1)
  return put(spans, port, at, last)
}
