import { BROKEN, MINUTE_COUNT, MINUTE_SIZE, MINUTES } from './layout.ts'
import type { Place } from './places.ts'
import {
  brIf,
  type Code,
  get,
  I64,
  i32,
  i64,
  isAll,
  type Label,
  type Local,
  set,
  tee,
  v128,
  when,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

const ZEROS = 0x3030303030303030n
/** Digits of a byte count that is summed here: 2^64 of sums leave room for 10 million lines of a terabyte each. */
const MOST_DIGITS = 12
const PLUS = 0x2b
const MINUS = 0x2d

const length = ({ from, to }: Place): Code => i32.sub(get(to), get(from))
const first = ({ from }: Place): Code => i32.load8(get(from))

/**
 * Sets `value` to a decimal number of up to 12 digits; anything else is handed over. Eight digits are read at once: pairs
 * are added up, then pairs of these.
 *
 * @param skipped whether a `+` stands before it
 */
export function integerCode(
  to: WasmFunction,
  value: Local,
  place: Place,
  hand: Label,
  skipped?: Local,
): Code {
  const digits = to.local()
  const [x, bad] = [to.local(I64), to.local(I64)]
  // The low bytes of the eight before `end` are not of the number where it is shorter: they become zeros.
  const eight = (end: Code, missing: Code): Code => [
    set(x, i64.xor(i64.load(end), i64.const(ZEROS))),
    set(x, i64.shl(i64.shrU(get(x), tee(bad, i64.extend(i32.shl(missing, i32.const(3))))), get(bad))),
    set(bad, i64.or(i64.add(get(x), i64.const(0x0606060606060606n)), get(x))),
    set(bad, i64.and(get(bad), i64.const(0xf0f0f0f0f0f0f0f0n))),
    brIf(hand, i32.eqz(i64.eqz(get(bad)))),
    pairs(x, 2561n, 8n, 0x00ff00ff00ff00ffn),
    pairs(x, 6553601n, 16n, 0x0000ffff0000ffffn),
    set(x, i64.shrU(i64.mul(get(x), i64.const(42949672960001n)), i64.const(32n))),
  ]
  return [
    set(digits, skipped ? i32.sub(length(place), get(skipped)) : length(place)),
    brIf(hand, i32.geU(i32.sub(get(digits), i32.const(1)), i32.const(MOST_DIGITS))),
    when(
      i32.leU(get(digits), i32.const(8)),
      [eight(i32.sub(get(place.to), i32.const(8)), i32.sub(i32.const(8), get(digits))), set(value, get(x))],
      [
        eight(i32.sub(get(place.to), i32.const(16)), i32.sub(i32.const(16), get(digits))),
        set(value, i64.mul(get(x), i64.const(100_000_000n))),
        eight(i32.sub(get(place.to), i32.const(8)), i32.const(0)),
        set(value, i64.add(get(value), get(x))),
      ],
    ),
  ]
}

const pairs = (x: Local, factor: bigint, shift: bigint, mask: bigint): Code =>
  set(x, i64.and(i64.shrU(i64.mul(get(x), i64.const(factor)), i64.const(shift)), i64.const(mask)))

/** 1 where the number was logged before its end. */
export const isEarly = (place: Place): Code => i32.eq(first(place), i32.const(PLUS))

/** 1 where bytes broke off, as `isAborted` says. */
export function abortedCode(state: Place): Code {
  const second = i32.load8(get(state.from), 1)
  const letter = (code: number): Code => i32.eq(second, i32.const(code))
  return i32.and(
    i32.and(i32.load8(first(state), BROKEN), i32.or(letter(0x44), letter(0x4c))),
    i32.geU(length(state), i32.const(2)),
  )
}

/** 1 for `-` and for nothing: no value. */
export function isNothing(place: Place): Code {
  const dash = i32.and(i32.eq(length(place), i32.const(1)), i32.eq(first(place), i32.const(MINUS)))
  return i32.or(i32.eqz(length(place)), dash)
}

/** `21/Nov/2026:11:34:46.846` */
const DATE_LENGTH = 24
const MINUTE_LENGTH = 17

/** Sets `instant` to the end of the transfer, ms of UTC; minutes that aren't known yet are handed over. */
export function instantCode(
  to: WasmFunction,
  instant: Local,
  date: Place,
  took: Place | undefined,
  hand: Label,
): Code {
  const [entry, value] = [to.local(), to.local(I64)]
  const byte = (offset: number): Code => i32.load8(get(date.from), offset)
  const digit = (offset: number): Code => i32.sub(byte(offset), i32.const(0x30))
  const above = (offset: number, most: number): Code =>
    brIf(hand, i32.leU(i32.const(most + 1), digit(offset)))
  const not = (offset: number, wanted: number): Code => brIf(hand, i32.ne(byte(offset), i32.const(wanted)))
  const sum = (terms: readonly (readonly [offset: number, ms: number])[]): Code =>
    terms.map(([offset, ms]) => i32.mul(digit(offset), i32.const(ms))).reduce((a, b) => i32.add(a, b))
  const ms = sum([
    [18, 10_000],
    [19, 1000],
    [21, 100],
    [22, 10],
    [23, 1],
  ])
  return [
    brIf(hand, i32.ne(length(date), i32.const(DATE_LENGTH))),
    not(17, 0x3a),
    not(20, 0x2e),
    above(18, 5),
    [19, 21, 22, 23].map((offset) => above(offset, 9)),
    set(entry, minuteEntry(date.from)),
    brIf(hand, i32.eqz(isAll(v128.eq(v128.load(get(entry), MINUTES), v128.load(get(date.from)))))),
    brIf(hand, i32.ne(i32.load8(get(entry), MINUTES + MINUTE_LENGTH - 1), byte(MINUTE_LENGTH - 1))),
    set(instant, i64.add(i64.load(get(entry), MINUTES + 24), i64.extend(ms))),
    took
      ? when(i32.ne(first(took), i32.const(MINUS)), [
          set(entry, isEarly(took)),
          integerCode(to, value, took, hand, entry),
          set(instant, i64.add(get(instant), get(value))),
        ])
      : [],
  ]
}

const HASH = 0x9e3779b97f4a7c15n

/** Where a minute has its place: by hour and minute, and the year's end. */
function minuteEntry(from: Local): Code {
  const mixed = i64.mul(i64.load(get(from), MINUTE_LENGTH - 8), i64.const(HASH))
  return i32.mul(i32.wrap(i64.shrU(mixed, i64.const(56n))), i32.const(MINUTE_SIZE))
}

/** The same in JavaScript, for a minute as it is written. */
export function minutePlace(bytes: Uint8Array): number {
  const { buffer, byteOffset } = bytes
  const tail = new DataView(buffer, byteOffset).getBigUint64(MINUTE_LENGTH - 8, true)
  return MINUTES + (Number(BigInt.asUintN(64, tail * HASH) >> 56n) % MINUTE_COUNT) * MINUTE_SIZE
}
