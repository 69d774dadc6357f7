import { type Alphabet, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'
import { MASKS } from './layout.ts'
import { type Exits, type Place, QUOTE } from './places.ts'
import { alphabetOfRun } from './run-lengths.ts'
import { br, brIf, type Code, call, get, i32, Label, type Local, loop, set, v128, when } from './wasm-code.ts'
import { WasmFunction } from './wasm-module.ts'
import { foreign, halves, maskWindow, WINDOW } from './window-code.ts'

type Run = Extract<Step, { kind: 'run' }>

/** Functions for what is rare, by alphabet: the mask of another window, the end of a run that is longer than one. */
export class RunFunctions {
  readonly all: WasmFunction[] = []
  readonly #masks = new Map<Alphabet, number>()
  readonly #ends = new Map<Alphabet, number>()

  mask(alphabet: Alphabet): number {
    return this.#once(this.#masks, alphabet, new WasmFunction(1, false), (to, at) => {
      const mask = to.local()
      return [maskWindow(to, at, alphabet, mask), i32.store(i32.const(MASKS), get(mask))]
    })
  }

  end(alphabet: Alphabet): number {
    return this.#once(this.#ends, alphabet, new WasmFunction(1, true), (to, at) => {
      const [bits, again] = [to.local(), new Label()]
      const sorted = halves(v128.load(get(at)))
      return [
        loop(again, [
          set(bits, foreign(alphabet, sorted.low, sorted.high)),
          when(i32.eqz(get(bits)), [set(at, i32.add(get(at), i32.const(16))), br(again)]),
        ]),
        i32.add(get(at), i32.ctz(get(bits))),
      ]
    })
  }

  #once(
    known: Map<Alphabet, number>,
    alphabet: Alphabet,
    to: WasmFunction,
    body: (to: WasmFunction, at: Local) => Code,
  ): number {
    const number = known.get(alphabet)
    if (number !== undefined) return number
    to.body = body(to, to.parameter(0))
    known.set(alphabet, this.all.length)
    return this.all.push(to) - 1
  }
}

/** Writes runs. The bytes of a window are sorted at once, whatever is where in them; then a run is a count of zeros. */
export class RunCode {
  readonly #to: WasmFunction
  readonly #at: Local
  readonly #functions: RunFunctions
  readonly #window: Local
  readonly #mask: Local
  readonly #next: Local
  /** Whose mask the window has. */
  #open: Alphabet | undefined

  constructor(to: WasmFunction, at: Local, functions: RunFunctions) {
    this.#to = to
    this.#at = at
    this.#functions = functions
    this.#window = to.local()
    this.#mask = to.local()
    this.#next = to.local()
  }

  /** What comes next isn't where a window was. */
  close(): void {
    this.#open = undefined
  }

  run({ alphabet, field }: Run, places: ReadonlyMap<number, Place>, exits: Exits): Code {
    const [again, place, walked] = [new Label(), places.get(field), alphabetOfRun(alphabet)]
    const opened = this.#open === walked ? [] : this.#openAt(walked)
    const inWindow = i32.sub(get(this.#at), get(this.#window))
    return [
      opened,
      loop(again, [
        set(this.#next, i32.add(get(this.#at), i32.ctz(i32.shrU(get(this.#mask), inWindow)))),
        when(i32.geU(i32.sub(get(this.#next), get(this.#window)), i32.const(WINDOW)), [
          when(
            i32.eq(get(this.#at), get(this.#window)),
            set(this.#next, call(this.#functions.end(walked), get(this.#at))),
            [
              call(this.#functions.mask(walked), get(this.#at)),
              set(this.#window, get(this.#at)),
              set(this.#mask, i32.load(i32.const(MASKS))),
              br(again),
            ],
          ),
        ]),
      ]),
      brIf(exits.fail, i32.eq(get(this.#next), get(this.#at))),
      alphabet === WORD ? brIf(exits.hand, i32.eq(i32.load8(get(this.#next)), i32.const(QUOTE))) : [],
      place ? [set(place.from, get(this.#at)), set(place.to, get(this.#next))] : [],
      set(this.#at, get(this.#next)),
    ]
  }

  #openAt(alphabet: Alphabet): Code {
    this.#open = alphabet
    return [set(this.#window, get(this.#at)), maskWindow(this.#to, this.#at, alphabet, this.#mask)]
  }
}
