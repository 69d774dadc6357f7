import { type Alphabet, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'
import { MASKS } from './layout.ts'
import { BLANK, type Exits, type Place, QUOTE } from './places.ts'
import { alphabetOfRun, usualLength } from './run-lengths.ts'
import {
  block,
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
  v128,
  when,
} from './wasm-code.ts'
import { WasmFunction } from './wasm-module.ts'
import { foreign, halves, maskWindow, WINDOW } from './window-code.ts'

type Run = Extract<Step, { kind: 'run' }>
/** A run and the one byte behind it. */
type Pair = readonly [run: Run, behind: number]

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

/**
 * Writes runs. The bytes of a window are sorted at once, whatever is where in them; then a run is a count of zeros. Runs
 * of one alphabet with a byte between each (`0/0/3/1/22 200 `) are walked together.
 */
export class RunCode {
  readonly #to: WasmFunction
  readonly #at: Local
  readonly #functions: RunFunctions
  readonly #window: Local
  readonly #mask: Local
  readonly #rest: Local
  readonly #next: Local
  /** Whose mask the window has. */
  #open: Alphabet | undefined

  constructor(to: WasmFunction, at: Local, functions: RunFunctions) {
    this.#to = to
    this.#at = at
    this.#functions = functions
    this.#window = to.local()
    this.#mask = to.local()
    this.#rest = to.local()
    this.#next = to.local()
  }

  /** What comes next isn't where a window was. */
  close(): void {
    this.#open = undefined
  }

  /** How many of these steps are walked together, two to a run; 0 for none. */
  static together(steps: readonly Step[], from: number): Pair[] {
    const pairs: Pair[] = []
    let length = 0
    for (let at = from; at + 1 < steps.length; at += 2) {
      const [run, next] = steps.slice(at, at + 2) as [Step, Step]
      const behind = byteOf(next)
      if (run.kind !== 'run' || behind === undefined || run.alphabet === WORD) break
      if (pairs[0] && pairs[0][0].alphabet !== run.alphabet) break
      length += usualLength(run) + 1
      if (length > WINDOW) break
      pairs.push([run, behind])
    }
    return pairs.length > 1 ? pairs : []
  }

  /** @param slowly the same steps one by one: for lines whose fields are longer, and those that differ */
  chain(pairs: readonly Pair[], places: ReadonlyMap<number, Place>, slowly: () => Code): Code {
    const [alphabet, slow, done] = [pairs[0]?.[0].alphabet as Alphabet, new Label(), new Label()]
    const position = i32.add(get(this.#window), i32.ctz(get(this.#rest)))
    const lower = i32.and(get(this.#rest), i32.sub(get(this.#rest), i32.const(1)))
    const walked = pairs.map(([{ field }, behind], number) => {
      const place = places.get(field)
      return [
        place ? set(place.from, number === 0 ? get(this.#at) : i32.add(get(this.#next), i32.const(1))) : [],
        set(this.#next, position),
        place ? set(place.to, get(this.#next)) : [],
        brIf(slow, i32.ne(i32.load8(get(this.#next)), i32.const(behind))),
        number === pairs.length - 1 ? brIf(slow, i32.eqz(get(this.#rest))) : [],
        set(this.#rest, lower),
      ]
    })
    // Of the stops that were met, none may follow another, or be the first byte: there the run would be empty.
    const met = i32.xor(get(this.#mask), get(this.#rest))
    const empty = i32.and(met, i32.or(i32.shl(met, i32.const(1)), i32.const(1)))
    const code = [
      this.#openAt(alphabet),
      set(this.#rest, get(this.#mask)),
      block(done, [
        block(slow, [
          walked,
          brIf(slow, empty),
          set(this.#at, i32.add(get(this.#next), i32.const(1))),
          br(done),
        ]),
        slowly(),
      ]),
    ]
    this.close()
    return code
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

function byteOf(step: Step): number | undefined {
  if (step.kind === 'separator') return BLANK
  return step.kind === 'literal' && step.bytes.length === 1 ? step.bytes[0] : undefined
}
