import type { Exits, Place } from './places.ts'
import { brIf, type Code, get, i32, isAll, type Label, type Local, set, v128 } from './wasm-code.ts'

const RANGES: Readonly<Record<string, readonly [string, string]>> = {
  D: ['0', '9'],
  A: ['A', 'Z'],
  a: ['a', 'z'],
  // `+`, `,` and `-`: the one between is looked at by itself.
  S: ['+', '-'],
}

/** Bytes of a fixed form: two vectors that overlap. */
function shapeCode(shape: string, at: Local, otherwise: Label): Code {
  const holds = (offset: number): Code => {
    const ranges = [...shape.slice(offset, offset + 16)].map(
      (letter) => (RANGES[letter] ?? [letter, letter]).map((end) => end.charCodeAt(0)) as [number, number],
    )
    const base = v128.const(ranges.map(([low]) => low))
    const slack = v128.const(ranges.map(([low, high]) => high - low))
    return v128.leU(v128.sub(v128.load(get(at), offset), base), slack)
  }
  return brIf(otherwise, i32.eqz(isAll(v128.and(holds(0), holds(shape.length - 16)))))
}

function fixed(shape: string, at: Local, place: Place | undefined): Code {
  const end = i32.add(get(at), i32.const(shape.length))
  return [place ? [set(place.from, get(at)), set(place.to, end)] : [], set(at, end)]
}

const ZONED = 'DD/Aaa/DDDD:DD:DD:DD SDDDD'

/** `21/Nov/2026:11:36:01 +0000` */
export function zonedDateCode(at: Local, place: Place | undefined, { fail }: Exits): Code {
  return [
    shapeCode(ZONED, at, fail),
    brIf(fail, i32.eq(i32.load8(get(at), ZONED.indexOf('S')), i32.const(0x2c))),
    fixed(ZONED, at, place),
  ]
}

const PLAIN = 'DD/Aaa/DDDD:DD:DD:DD.DDD'

/** `21/Nov/2026:11:36:01.123`; a run of a date's bytes in any other form is handed over. */
export function dateCode(at: Local, place: Place | undefined, { hand }: Exits): Code {
  const next = i32.load8(get(at), PLAIN.length)
  const letter = i32.ltU(i32.sub(i32.or(next, i32.const(0x20)), i32.const(0x61)), i32.const(26))
  // `.`, `/`, digits and `:` follow each other in ASCII.
  const other = i32.ltU(i32.sub(next, i32.const(0x2e)), i32.const(13))
  return [
    shapeCode(PLAIN, at, hand),
    // Nothing but the format shows where a run ends: here it would go on.
    brIf(hand, i32.or(letter, other)),
    fixed(PLAIN, at, place),
  ]
}
