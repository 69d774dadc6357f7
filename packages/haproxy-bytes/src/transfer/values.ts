/** Bytes of fields to values. All give undefined where there is none: `-`, nothing, or not what the field holds. */

const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d

export interface LoggedInteger {
  readonly value: number
  /** `+`: logged before the end (`option logasap`), or, on %rc, redispatched. */
  readonly plus: boolean
}

/**
 * A decimal integer, -1 of a timer included. Up to 2^53-1, which is 9 PB for one transfer; beyond it undefined, as no
 * counter of HAProxy's comes there.
 */
export function readInteger(bytes: Uint8Array, from: number, to: number): LoggedInteger | undefined {
  if (from < 0 || from === to) return undefined
  let at = from
  const plus = bytes[at] === PLUS
  if (plus) at++
  const negative = bytes[at] === MINUS
  if (negative) at++
  if (at === to) return undefined
  let value = 0
  for (; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return Number.isSafeInteger(value) ? { value: negative ? -value : value, plus } : undefined
}

/** As %rt, %pid, %Ts and ports under +X. */
export function readHexadecimal(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (from < 0 || from === to || to - from > 13) return undefined
  const value = Number(`0x${latin1(bytes, from, to)}`)
  return Number.isSafeInteger(value) ? value : undefined
}

let bytesOfView: Uint8Array | undefined
let view: Buffer = Buffer.alloc(0)

/** One character a byte. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  // A dozen texts of each line are of the same bytes, and making a view takes longer than a text.
  if (bytes !== bytesOfView) {
    view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    bytesOfView = bytes
  }
  return view.toString('latin1', from, to)
}

/** Undefined for `-` and for nothing. */
export function readName(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (from < 0 || from === to || (to === from + 1 && bytes[from] === MINUS)) return undefined
  return latin1(bytes, from, to)
}
