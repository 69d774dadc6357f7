import type { Alphabet } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'
import { addressCode } from './address-code.ts'
import { chainAt, chainCode, type Pair, partsOf } from './chain-code.ts'
import { dateCode, zonedDateCode } from './date-code.ts'
import { BLANK, type Exits, LINE_FEED, type Place, QUOTE } from './places.ts'
import { RunCode, type RunFunctions } from './run-code.ts'
import { DATE, STATE } from './run-lengths.ts'
import {
  all16,
  br,
  brIf,
  type Code,
  call,
  get,
  i32,
  Label,
  type Local,
  loop,
  set,
  V128,
  v128,
  when,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

/**
 * Writes steps (matcher/step.ts) as WebAssembly: what matcher/walk-steps.ts does, many bytes at a time. `at` is where the
 * walk is.
 */
export class WalkCode {
  readonly at: Local
  readonly #to: WasmFunction
  readonly #runs: RunCode
  readonly #functions: RunFunctions

  constructor(to: WasmFunction, functions: RunFunctions) {
    this.#to = to
    this.at = to.local()
    this.#functions = functions
    this.#runs = new RunCode(to, this.at, functions)
  }

  /** Walks all steps. `before` is written before each, for those that want to know where it begins. */
  steps(
    steps: readonly Step[],
    places: ReadonlyMap<number, Place>,
    exits: Exits,
    before: (number: number) => Code = () => [],
  ): Code {
    this.#runs.close()
    const code: Code[] = []
    const one = (number: number): Code => [before(number), this.#step(steps[number] as Step, places, exits)]
    for (let number = 0; number < steps.length; ) {
      const pairs = chainAt(steps, number)
      code.push(pairs.length > 1 ? this.#chain(pairs, number, places, one) : one(number))
      number += 2 * pairs.length || 1
    }
    return code
  }

  /** A chain that is too long, or met by nothing, is walked in parts of one alphabet, and these step by step. */
  #chain(
    pairs: readonly Pair[],
    from: number,
    places: ReadonlyMap<number, Place>,
    one: (number: number) => Code,
  ): Code {
    const code = chainCode(this.#to, this.at, pairs, places, () => {
      this.#runs.close()
      const parts = partsOf(pairs)
      if (parts.length === 1)
        return pairs.flatMap((_, pair) => [one(from + 2 * pair), one(from + 2 * pair + 1)])
      return parts.map(({ first, pairs: some }) =>
        some.length > 1
          ? this.#chain(some, from + 2 * first, places, one)
          : [one(from + 2 * first), one(from + 2 * first + 1)],
      )
    })
    this.#runs.close()
    return code
  }

  /** Moves on to the next of these bytes or the end of the line. */
  scanTo(bytes: readonly number[]): Code {
    const [again, x, bits] = [new Label(), this.#to.local(V128), this.#to.local()]
    const found = (offset: number): Code => {
      const any = [LINE_FEED, ...bytes]
        .map((byte) => v128.eq(get(x), all16(byte)))
        .reduce((a, b) => v128.or(a, b))
      return [set(x, v128.load(get(this.at), offset)), v128.bitmask(any)]
    }
    return [
      loop(again, [
        set(bits, i32.or(found(0), i32.shl(found(16), i32.const(16)))),
        when(i32.eqz(get(bits)), [this.#move(32), br(again)]),
      ]),
      set(this.at, i32.add(get(this.at), i32.ctz(get(bits)))),
    ]
  }

  /** Where bytes of this alphabet end. */
  endOf(alphabet: Alphabet, from: Local): Code {
    return call(this.#functions.end(alphabet), get(from))
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

  #step(step: Step, places: ReadonlyMap<number, Place>, exits: Exits): Code {
    switch (step.kind) {
      case 'literal':
        return this.#literal(step.bytes, exits)
      case 'separator':
        return this.#expect(BLANK, exits.fail)
      case 'run':
        return this.#run(step, places, exits)
      case 'address-port':
        return [
          this.#closed(),
          addressCode(this.#to, this.at, places.get(step.field), places.get(step.port), exits),
        ]
      case 'quoted':
        return [this.#closed(), this.#quoted(places.get(step.field), exits)]
      case 'zoned-date':
        return [this.#closed(), zonedDateCode(this.at, places.get(step.field), exits)]
      case 'captures':
        return [this.#closed(), this.#captures(step.blank, exits)]
      case 'capture-list':
        return [this.#closed(), this.#captureList(step.blank, exits)]
    }
  }

  #literal(bytes: Uint8Array, { fail }: Exits): Code {
    return [
      [...bytes].map((byte, offset) => brIf(fail, i32.ne(i32.load8(get(this.at), offset), i32.const(byte)))),
      this.#move(bytes.length),
    ]
  }

  #run(step: Extract<Step, { kind: 'run' }>, places: ReadonlyMap<number, Place>, exits: Exits): Code {
    const place = places.get(step.field)
    if (step.alphabet === DATE) return [this.#closed(), dateCode(this.at, place, exits)]
    if (step.alphabet !== STATE) return this.#runs.run(step, places, exits)
    this.#runs.close()
    const ended = i32.and(
      i32.eq(i32.load(get(this.at)), i32.const(0x2d2d2d2d)),
      i32.eq(i32.load8(get(this.at), 4), i32.const(BLANK)),
    )
    const usual = [
      place ? [set(place.from, get(this.at)), set(place.to, i32.add(get(this.at), i32.const(4)))] : [],
      this.#move(4),
    ]
    const code = when(ended, usual, this.#runs.run(step, places, exits))
    this.#runs.close()
    return code
  }

  /** Steps of text leave the window. */
  #closed(): Code {
    this.#runs.close()
    return []
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
