import { type Alphabet, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'
import { MASKS } from './layout.ts'
import { ADDRESS_WORD, alphabetsOf, NO_COLON, PORT, usualLength, WORD_WITHOUT_QUOTE } from './run-lengths.ts'
import {
  all16,
  br,
  brIf,
  type Code,
  call,
  get,
  I64,
  i32,
  i64,
  Label,
  type Local,
  loop,
  set,
  tee,
  V128,
  v128,
  when,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'
import { maskWindow, WINDOW } from './window-code.ts'
import { zonedDateCode } from './zoned-date-code.ts'

export const LINE_FEED = 0x0a
export const BLANK = 0x20
export const QUOTE = 0x22

/** Where a field is, for those that are asked for. */
export interface Place {
  readonly from: Local
  readonly to: Local
}

/** Where a walk goes that doesn't end. */
export interface Exits {
  /** The steps are not met: of this the walk is certain. */
  readonly fail: Label
  /** Left to the matcher. */
  readonly hand: Label
}

/** Functions that sort a window, by their alphabets. */
export type MaskFunctions = (alphabets: readonly Alphabet[]) => number

/**
 * Writes steps (matcher/step.ts) as WebAssembly: what matcher/walk-steps.ts does, 64 bytes at a time. `at` is where the
 * walk is. Windows are opened where steps need one, and once more where a line has longer fields than most.
 */
export class WalkCode {
  readonly at: Local
  readonly #to: WasmFunction
  readonly #maskFunctions: MaskFunctions
  readonly #window: Local
  readonly #next: Local
  readonly #found: Local
  readonly #masks = new Map<number, Local>()
  #open: readonly Alphabet[] = []

  constructor(to: WasmFunction, maskFunctions: MaskFunctions) {
    this.#to = to
    this.#maskFunctions = maskFunctions
    this.at = to.local()
    this.#window = to.local()
    this.#next = to.local()
    this.#found = to.local(I64)
  }

  /** Walks all steps. `before` is written before each, for those that want to know where it begins. */
  steps(
    steps: readonly Step[],
    places: ReadonlyMap<number, Place>,
    exits: Exits,
    before: (number: number) => Code = () => [],
  ): Code {
    this.#open = []
    return steps.map((step, number) => [
      before(number),
      this.#prepare(steps, number),
      this.#step(step, places, exits),
    ])
  }

  /** Moves on to the next of these bytes or the end of the line. */
  scanTo(bytes: readonly number[]): Code {
    const [again, x, bits] = [new Label(), this.#to.local(V128), this.#to.local()]
    const any = [LINE_FEED, ...bytes]
      .map((byte) => v128.eq(get(x), all16(byte)))
      .reduce((a, b) => v128.or(a, b))
    return [
      loop(again, [
        set(x, v128.load(get(this.at))),
        when(i32.eqz(tee(bits, v128.bitmask(any))), [this.#move(16), br(again)]),
      ]),
      set(this.at, i32.add(get(this.at), i32.ctz(get(bits)))),
    ]
  }

  /** Nothing but blanks and carriage returns up to the end of the line. */
  end({ fail }: Exits): Code {
    const again = new Label()
    const byte = i32.load8(get(this.at))
    return when(i32.ne(byte, i32.const(LINE_FEED)), [
      loop(again, [
        brIf(fail, i32.and(i32.ne(byte, i32.const(BLANK)), i32.ne(byte, i32.const(0x0d)))),
        this.#move(1),
        brIf(again, i32.ne(byte, i32.const(LINE_FEED))),
      ]),
    ])
  }

  isByte(byte: number, offset = 0): Code {
    return i32.eq(i32.load8(get(this.at), offset), i32.const(byte))
  }

  #move(by: number): Code {
    return set(this.at, i32.add(get(this.at), i32.const(by)))
  }

  #expect(byte: number, fail: Label): Code {
    return [brIf(fail, i32.ne(i32.load8(get(this.at)), i32.const(byte))), this.#move(1)]
  }

  /** Opens a window at the first step that needs one, for as many steps as usually fit. */
  #prepare(steps: readonly Step[], number: number): Code {
    const needed = alphabetsOf(steps[number] as Step)
    if (needed === undefined) {
      this.#open = []
      return []
    }
    if (needed.every((alphabet) => this.#open.includes(alphabet))) return []
    const alphabets = new Set<Alphabet>()
    let length = 0
    for (const step of steps.slice(number)) {
      const more = alphabetsOf(step)
      length += usualLength(step)
      if (more === undefined || (length > WINDOW - 2 && alphabets.size > 0)) break
      for (const alphabet of more) alphabets.add(alphabet)
    }
    this.#open = [...alphabets]
    return [
      set(this.#window, get(this.at)),
      maskWindow(
        this.#to,
        this.at,
        this.#open.map((alphabet, index) => [alphabet, this.#mask(index)]),
      ),
    ]
  }

  #mask(index: number): Local {
    const mask = this.#masks.get(index) ?? this.#to.local(I64)
    this.#masks.set(index, mask)
    return mask
  }

  #maskOf(alphabet: Alphabet): Code {
    return get(this.#mask(this.#open.indexOf(alphabet)))
  }

  /** Ones from `place` on, of the window's mask. */
  #from(alphabet: Alphabet, place: Local): Code {
    return i64.shrU(this.#maskOf(alphabet), i64.extend(i32.sub(get(place), get(this.#window))))
  }

  /** Sets `next` behind the run that begins at `place`; a run that leaves the window gets one of its own. */
  #runFrom(alphabet: Alphabet, place: Local, { hand }: Exits, again: Label): Code {
    return [
      set(this.#next, i32.add(get(place), i32.wrap(i64.ctz(this.#from(alphabet, place))))),
      when(i32.geU(i32.sub(get(this.#next), get(this.#window)), i32.const(WINDOW)), [
        brIf(hand, i32.eq(get(this.at), get(this.#window))),
        call(this.#maskFunctions(this.#open), get(this.at)),
        set(this.#window, get(this.at)),
        this.#open.map((_, index) => set(this.#mask(index), i64.load(i32.const(MASKS + 8 * index)))),
        br(again),
      ]),
    ]
  }

  #step(step: Step, places: ReadonlyMap<number, Place>, exits: Exits): Code {
    switch (step.kind) {
      case 'literal':
        return this.#literal(step.bytes, exits)
      case 'separator':
        return this.#expect(BLANK, exits.fail)
      case 'run':
        return this.#run(step.alphabet, places.get(step.field), exits)
      case 'address-port':
        return this.#addressPort(step, places, exits)
      case 'quoted':
        return this.#quoted(places.get(step.field), exits)
      case 'zoned-date':
        return zonedDateCode(this.at, places.get(step.field), exits)
      case 'captures':
        return this.#captures(step.blank, exits)
      case 'capture-list':
        return this.#captureList(step.blank, exits)
    }
  }

  #literal(bytes: Uint8Array, { fail }: Exits): Code {
    return [
      [...bytes].map((byte, offset) => brIf(fail, i32.ne(i32.load8(get(this.at), offset), i32.const(byte)))),
      this.#move(bytes.length),
    ]
  }

  #run(alphabet: Alphabet, place: Place | undefined, exits: Exits): Code {
    const again = new Label()
    const walked = alphabet === WORD ? WORD_WITHOUT_QUOTE : alphabet
    return [
      loop(again, this.#runFrom(walked, this.at, exits, again)),
      brIf(exits.fail, i32.eq(get(this.#next), get(this.at))),
      alphabet === WORD ? brIf(exits.hand, i32.eq(i32.load8(get(this.#next)), i32.const(QUOTE))) : [],
      place ? [set(place.from, get(this.at)), set(place.to, get(this.#next))] : [],
      set(this.at, get(this.#next)),
    ]
  }

  /** Odd forms (an address that a relay took away, a blank after the colon) are left to the matcher. */
  #addressPort(
    { field, port }: { readonly field: number; readonly port: number },
    places: ReadonlyMap<number, Place>,
    exits: Exits,
  ): Code {
    const again = new Label()
    const [colon, address, portPlace] = [this.#to.local(), places.get(field), places.get(port)]
    const before = i64.sub(
      i64.shl(i64.const(1n), i64.extend(i32.sub(get(this.#next), get(this.#window)))),
      i64.const(1n),
    )
    return loop(again, [
      this.#runFrom(ADDRESS_WORD, this.at, exits, again),
      set(this.#found, i64.and(this.#maskOf(NO_COLON), before)),
      brIf(exits.hand, i64.eqz(get(this.#found))),
      set(colon, i32.add(get(this.#window), i32.sub(i32.const(63), i32.wrap(i64.clz(get(this.#found)))))),
      brIf(exits.hand, i32.leU(get(colon), get(this.at))),
      address ? [set(address.from, get(this.at)), set(address.to, get(colon))] : [],
      set(colon, i32.add(get(colon), i32.const(1))),
      this.#runFrom(PORT, colon, exits, again),
      brIf(exits.hand, i32.eq(get(this.#next), get(colon))),
      portPlace ? [set(portPlace.from, get(colon)), set(portPlace.to, get(this.#next))] : [],
      set(this.at, get(this.#next)),
    ])
  }

  #quoted(place: Place | undefined, { fail }: Exits): Code {
    return [
      this.#expect(QUOTE, fail),
      place ? set(place.from, get(this.at)) : [],
      this.scanTo([QUOTE]),
      place ? set(place.to, get(this.at)) : [],
      this.#expect(QUOTE, fail),
    ]
  }

  /** HAProxy writes braces and quotes within a capture as #7B and the like: whatever has them is left to the matcher. */
  #captures(blank: boolean, { fail, hand }: Exits): Code {
    return when(this.isByte(0x7b), [
      this.#move(1),
      this.scanTo([0x7d, 0x7b, QUOTE]),
      brIf(hand, i32.ne(i32.load8(get(this.at)), i32.const(0x7d))),
      this.#move(1),
      blank ? this.#expect(BLANK, fail) : [],
    ])
  }

  #captureList(blank: boolean, { fail }: Exits): Code {
    const again = new Label()
    return when(this.isByte(QUOTE), [
      loop(again, [
        this.#move(1),
        this.scanTo([QUOTE]),
        this.#expect(QUOTE, fail),
        when(i32.and(this.isByte(BLANK), this.isByte(QUOTE, 1)), [this.#move(1), br(again)]),
      ]),
      blank ? when(i32.ne(i32.load8(get(this.at)), i32.const(LINE_FEED)), this.#expect(BLANK, fail)) : [],
    ])
  }
}
