import { INSTANT } from './layout.ts'
import type { Place } from './places.ts'
import type { Source, Wanted } from './program.ts'
import { isNothing } from './value-code.ts'
import { br, brIf, type Code, get, i32, i64, type Label, type Local, set, when } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

/** Bytes of a key, and what finds them. */
export interface KeyCode {
  readonly place: Place
  readonly code: Code
}

/** @param unit milliseconds of a group of time */
export function timeKey(to: WasmFunction, instant: Local, unit: number): KeyCode {
  const place = { from: to.local(), to: to.local() }
  const code = [
    i64.store(i32.const(INSTANT), i64.divS(get(instant), i64.const(BigInt(unit)))),
    set(place.from, i32.const(INSTANT)),
    set(place.to, i32.const(INSTANT + 8)),
  ]
  return { place, code }
}

/** Empty where it has no value. */
export function fieldKey(
  to: WasmFunction,
  source: Source,
  wanted: Wanted | undefined,
  placeOf: (field: number) => Place,
  hand: Label,
): KeyCode {
  const place = { from: to.local(), to: to.local() }
  if (!wanted) return { place, code: [set(place.from, i32.const(0)), set(place.to, i32.const(0))] }
  const field = placeOf(wanted.field)
  const none = set(place.to, get(place.from))
  const code = [
    set(place.from, get(field.from)),
    set(place.to, get(field.to)),
    when(isNothing(place), wanted.more ? br(hand) : none),
    // `~`: TLS. A frontend without any name is left to the matcher.
    source === 'frontend' && wanted.marked
      ? when(i32.eq(i32.load8(i32.sub(get(place.to), i32.const(1))), i32.const(0x7e)), [
          set(place.to, i32.sub(get(place.to), i32.const(1))),
          brIf(hand, i32.leU(get(place.to), get(place.from))),
        ])
      : [],
  ]
  return { place, code }
}
