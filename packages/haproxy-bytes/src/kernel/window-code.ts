import type { Alphabet } from '../matcher/alphabets.ts'
import { MASKS } from './layout.ts'
import { all16, type Code, get, I64, i32, i64, type Local, set, V128, v128 } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

/** Bytes of a line that are sorted at once. */
export const WINDOW = 64
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
    high: v128.swizzle(v128.const(HIGH_TABLE), v128.shrU(x, i32.const(4))),
  }
}

/** A bit for each of 16 bytes that is none of the alphabet. */
export function foreign(alphabet: Alphabet, low: Code, highBit: Code): Code {
  // All bytes above ASCII are members, or none is.
  const inverse = alphabet[255] === 1
  const table = v128.const(lowTable((byte) => (alphabet[byte] === 1) !== inverse))
  const found = v128.and(v128.swizzle(table, low), highBit)
  return v128.bitmask((inverse ? v128.ne : v128.eq)(found, all16(0)))
}

/** Sets for each alphabet a mask of the 64 bytes from `at`: ones where a run of it would stop. */
export function maskWindow(
  to: WasmFunction,
  at: Local,
  masks: readonly (readonly [alphabet: Alphabet, mask: Local])[],
): Code {
  const parts: Code[] = []
  const [x, low, highBit] = [to.local(V128), to.local(V128), to.local(V128)]
  for (let offset = 0; offset < WINDOW; offset += VECTOR) {
    const sorted = halves(get(x))
    parts.push(set(x, v128.load(get(at), offset)), set(low, sorted.low), set(highBit, sorted.high))
    for (const [alphabet, mask] of masks) {
      const bits = i64.extend(foreign(alphabet, get(low), get(highBit)))
      const moved = offset === 0 ? bits : i64.shl(bits, i64.const(BigInt(offset)))
      parts.push(set(mask, offset === 0 ? moved : i64.or(get(mask), moved)))
    }
  }
  return parts
}

/** The body of a function that puts the masks of the 64 bytes from its parameter into memory. */
export function maskFunction(to: WasmFunction, alphabets: readonly Alphabet[]): Code {
  const at = to.parameter(0)
  const masks = alphabets.map((alphabet) => [alphabet, to.local(I64)] as const)
  return [
    maskWindow(to, at, masks),
    masks.map(([, mask], number) => i64.store(i32.const(MASKS + 8 * number), get(mask))),
  ]
}
