import type { Alphabet } from '../matcher/alphabets.ts'
import { all16, type Code, get, i32, type Local, set, V128, v128 } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

/** Bytes of a line that are sorted at once. */
export const WINDOW = 32
const VECTOR = 16

const high = (byte: number): number => (byte < 128 ? 1 << (byte >> 4) : 0)

/** For each low half of a byte a bit for each high half that makes it a member; of ASCII only. */
function lowTable(isMember: (byte: number) => boolean): number[] {
  const table = new Array<number>(16).fill(0)
  for (let byte = 0; byte < 128; byte++)
    if (isMember(byte)) table[byte & 15] = (table[byte & 15] as number) | high(byte)
  return table
}

const HIGH_TABLE = Array.from({ length: 16 }, (_, half) => high(half << 4))

/** `x` sorted by halves of its bytes: what every alphabet is looked up by. */
export function halves(x: Code): { readonly low: Code; readonly high: Code } {
  return {
    low: v128.and(x, all16(15)),
    high: v128.swizzle(v128.const(HIGH_TABLE), v128.and(v128.shrU16(x, i32.const(4)), all16(15))),
  }
}

/** A bit for each of 16 bytes that is none of the alphabet. */
export function foreign(alphabet: Alphabet, low: Code, highBit: Code): Code {
  // All bytes above ASCII are members, or none is.
  const inverse = alphabet[255] === 1
  const table = v128.const(lowTable((byte) => (alphabet[byte] === 1) !== inverse))
  const found = v128.and(v128.swizzle(table, low), highBit)
  return v128.bitmask((inverse ? v128.ne : v128.eq)(found, v128.zero))
}

/** Sets a mask of the 32 bytes from `at`: ones where a run of the alphabet would stop. */
export function maskWindow(to: WasmFunction, at: Local, alphabet: Alphabet, mask: Local): Code {
  const x = to.local(V128)
  const half = (offset: number): Code => {
    const sorted = halves(get(x))
    return [set(x, v128.load(get(at), offset)), foreign(alphabet, sorted.low, sorted.high)]
  }
  return set(mask, i32.or(half(0), i32.shl(half(VECTOR), i32.const(VECTOR))))
}
