import { type Envelope, readEnvelope } from '../envelope/index.ts'
import { latin1 } from '../transfer/values.ts'
import {
  AFTER,
  CELL,
  ENVELOPE,
  ENVELOPE_SIZE,
  ENVELOPES,
  LONGEST_ENVELOPE,
  MOST_ENVELOPES,
  MOST_STARTS,
} from './layout.ts'

const MOST_PID_DIGITS = 15
const LESS = 0x3c

/** Any digit may stand there. (`>1 ` is RFC 5424, `>2 ` is not.) */
function isOpen(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number
  return byte >= 0x30 && byte <= 0x39 && bytes[at - 1] !== 0x3e
}

function shapeOf(bytes: Uint8Array, from: number, to: number): string {
  let shape = ''
  for (let at = from; at < to; at++)
    shape += isOpen(bytes, at) ? '0' : String.fromCharCode(bytes[at] as number)
  return shape
}

/**
 * What stood before messages, with its digits open: `<134>Nov 21 11:34:52 lb1 haproxy[2711]: ` stands for every time of
 * the month. readEnvelope looks at bytes, and at whether one is a digit, but at no digit's value except the version of
 * RFC 5424; so of a line that has the same bytes and digits in the same places it gives the same places.
 */
export class Envelopes {
  readonly #memory: () => ArrayBuffer
  readonly #withoutQuotes: boolean
  readonly #known: string[] = []
  #next = 0

  /** @param withoutQuotes where quotes of a line are counted, none may stand before the message */
  constructor(memory: () => ArrayBuffer, withoutQuotes: boolean) {
    this.#memory = memory
    this.#withoutQuotes = withoutQuotes
  }

  /**
   * Takes in the envelope of a line that was handed over; the oldest gives way where there are too many. Gives whether it
   * is a new one.
   */
  learn(bytes: Uint8Array, from: number, to: number): boolean {
    const envelope = readEnvelope(bytes, from, to)
    const start = envelope.starts[0] as number
    if (!this.#isLearnable(bytes, from, start, to, envelope)) return false
    const shape = shapeOf(bytes, from, start)
    if (this.#known.includes(shape)) return false
    this.#known[this.#next] = shape
    const at = ENVELOPES + this.#next * ENVELOPE_SIZE
    const length = start - from
    const view = new DataView(this.#memory())
    const memory = new Uint8Array(this.#memory())
    view.setInt32(at + ENVELOPE.length, length, true)
    view.setInt32(at + ENVELOPE.vectors, (length + 15) >> 4, true)
    view.setInt32(at + ENVELOPE.after, afterOf(envelope, bytes, from), true)
    const starts = [...new Set(envelope.starts)]
    view.setInt32(at + ENVELOPE.startCount, starts.length, true)
    for (const [number, place] of starts.entries())
      view.setUint16(at + ENVELOPE.starts + 2 * number, place - from, true)
    for (const [place, [begin, end]] of [
      [ENVELOPE.host, envelope.host ?? [from, from]],
      [ENVELOPE.pid, envelope.pidAt ?? [from, from]],
    ] as const) {
      view.setUint16(at + place, begin - from, true)
      view.setUint16(at + place + 2, end - from, true)
    }
    memory.fill(0, at + ENVELOPE.base, at + ENVELOPE.base + LONGEST_ENVELOPE)
    memory.fill(255, at + ENVELOPE.slack, at + ENVELOPE.slack + LONGEST_ENVELOPE)
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i] as number
      const open = isOpen(bytes, from + i)
      memory[at + ENVELOPE.base + i] = open ? 0x30 : byte
      memory[at + ENVELOPE.slack + i] = open ? 9 : 0
    }
    this.#next = (this.#next + 1) % MOST_ENVELOPES
    view.setInt32(CELL.envelopes, this.#known.length, true)
    return true
  }

  #isLearnable(bytes: Uint8Array, from: number, start: number, to: number, envelope: Envelope): boolean {
    const { starts, pidAt, stampTo } = envelope
    // Without a blank behind it, a stamp ends where more of the message would be one of its digits.
    if (start === stampTo) return false
    // Only before `<` a number is the length of a message.
    if (bytes[start] === LESS) return false
    // A pid that isn't written would be 0, and one of more digits than a number has is none.
    if (pidAt && (pidAt[1] === pidAt[0] || pidAt[1] - pidAt[0] > MOST_PID_DIGITS)) return false
    if (start - from > LONGEST_ENVELOPE || start >= to || starts.length > MOST_STARTS) return false
    if (this.#withoutQuotes && bytes.subarray(from, start).includes(0x22)) return false
    return true
  }
}

/** A tag puts its start before those that come earlier in the line. */
function afterOf({ stampKind, starts, anyTag }: Envelope, bytes: Uint8Array, from: number): number {
  if (RFC5424.test(latin1(bytes, from, starts[0] as number))) return AFTER.tag
  if (stampKind === 'none') return AFTER.nothing
  if (anyTag) return AFTER.anyTag
  return starts.some((place) => place < (starts[0] as number)) ? AFTER.tag : AFTER.stamp
}

/** Read to its end, so that its message has one place; a length may stand before it (RFC 6587). */
const RFC5424 = /^(?:\d{1,6} )?<\d{1,3}>1 /
