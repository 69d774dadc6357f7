import type { Exits, Place } from './walk-code.ts'
import { brIf, type Code, get, i32, type Local, set, v128 } from './wasm-code.ts'

const SHAPE = 'DD/Aaa/DDDD:DD:DD:DD SDDDD'
const RANGES: Readonly<Record<string, readonly [string, string]>> = {
  D: ['0', '9'],
  A: ['A', 'Z'],
  a: ['a', 'z'],
  // `+`, `,` and `-`: the one between is looked at by itself.
  S: ['+', '-'],
}

/** `21/Nov/2026:11:36:01 +0000`: two vectors that overlap. */
export function zonedDateCode(at: Local, place: Place | undefined, { fail }: Exits): Code {
  const check = (offset: number): Code => {
    const ranges = [...SHAPE.slice(offset, offset + 16)].map(
      (letter) => (RANGES[letter] ?? [letter, letter]).map((end) => end.charCodeAt(0)) as [number, number],
    )
    const base = v128.const(ranges.map(([low]) => low))
    const slack = v128.const(ranges.map(([low, high]) => high - low))
    return brIf(fail, i32.eqz(v128.allTrue(v128.leU(v128.sub(v128.load(get(at), offset), base), slack))))
  }
  const end = i32.add(get(at), i32.const(SHAPE.length))
  return [
    check(0),
    check(SHAPE.length - 16),
    brIf(fail, i32.eq(i32.load8(get(at), SHAPE.indexOf('S')), i32.const(0x2c))),
    place ? [set(place.from, get(at)), set(place.to, end)] : [],
    set(at, end),
  ]
}
