import type { Alphabet } from '../matcher/alphabets.ts'
import type { Segment, Step, Within } from '../matcher/step.ts'
import { BLANK, type Exits, LINE_FEED, type Place, QUOTE } from './places.ts'
import type { Program } from './program.ts'
import type { WalkCode } from './walk-code.ts'
import {
  all16,
  block,
  br,
  brIf,
  type Code,
  get,
  i32,
  Label,
  type Local,
  loop,
  set,
  v128,
  when,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'
import { foreign, halves } from './window-code.ts'

const DASH = 0x2d

/** A segment after an open field, as it was found from the left. */
interface Found {
  readonly segment: Segment
  readonly last: boolean
  /** Where its steps begin, which is where the open field ends. */
  readonly place: Local
  /** Where the open field begins, if not all bytes can be one. */
  readonly begin?: Local
  /** Where its first capture or quoted text begins. */
  readonly guard?: Local
}

/** Walks one line of a program, from `walk.at` to its end, as Matcher does: from the left, and then what from the right. */
export function lineCode(
  to: WasmFunction,
  walk: WalkCode,
  { segments, doubtfulFrom }: Program,
  places: ReadonlyMap<number, Place>,
  exits: Exits,
  countQuotes: boolean,
): Code {
  const [first, ...rest] = segments as [Segment, ...Segment[]]
  const lineEnd = to.local()
  const found = rest.map((segment, index): Found => {
    const guarded = index === rest.length - 1 && isGuarded(segment.steps)
    return {
      segment,
      last: index === rest.length - 1,
      place: to.local(),
      ...(segment.within && { begin: to.local() }),
      ...(guarded && { guard: to.local() }),
    }
  })
  return [
    walk.steps(first.steps, places, exits),
    found.map((one) => fromLeft(walk, one, places, exits, countQuotes)),
    rest.length === 0 ? walk.end(exits) : [],
    // Blanks at the end of the line are none of the message: `lineEnd` is behind them.
    set(lineEnd, get(walk.at)),
    found.map((one, index) =>
      index + 1 < doubtfulFrom ? [] : onlyPlace(to, walk, one, found[index + 1]?.place ?? lineEnd, exits),
    ),
    set(walk.at, get(lineEnd)),
  ]
}

/** The open field ends at the first place where the steps after it are met. */
function fromLeft(
  walk: WalkCode,
  { segment: { steps, open, within }, last, place, begin: from, guard }: Found,
  places: ReadonlyMap<number, Place>,
  exits: Exits,
  countQuotes: boolean,
): Code {
  const [found, search, fail] = [new Label(), new Label(), new Label()]
  const field = places.get(open as number)
  const quotes = countQuotes && steps[0] && firstByte(steps[0]) !== QUOTE ? [QUOTE] : []
  const begin = [field ? set(field.from, get(walk.at)) : [], from ? set(from, get(walk.at)) : []]
  const fits = from && within ? fitsCode(walk, within, from, place, exits) : []
  const end = [set(place, get(walk.at)), field ? set(field.to, get(walk.at)) : []]
  if (steps.length === 0) {
    const onQuote = brIf(exits.hand, i32.ne(i32.load8(get(walk.at)), i32.const(LINE_FEED)))
    return [begin, walk.scanTo(quotes), onQuote, end, fits]
  }
  const byte = firstByte(steps[0] as Step)
  const first = steps.findIndex(isOfText)
  // `-`: no value. What is found there without a search is found sooner.
  const scan = walk.scanTo([byte, ...quotes])
  const isDash = i32.and(walk.isByte(DASH), walk.isByte(byte, 1))
  return [
    begin,
    block(found, [
      loop(search, [
        byte === DASH ? scan : when(isDash, set(walk.at, i32.add(get(walk.at), i32.const(1))), scan),
        brIf(exits.hand, i32.ne(i32.load8(get(walk.at)), i32.const(byte))),
        end,
        block(fail, [
          walk.steps(steps, places, { ...exits, fail }, (number) =>
            guard && number === first ? set(guard, get(walk.at)) : [],
          ),
          last ? walk.end({ ...exits, fail }) : [],
          br(found),
        ]),
        set(walk.at, i32.add(get(place), i32.const(1))),
        br(search),
      ]),
    ]),
    fits,
  ]
}

/** Hands the line over where the bytes of an open field may be none: the matcher looks for another reading then. */
function fitsCode(walk: WalkCode, { kind, sure }: Within, from: Local, to: Local, { hand }: Exits): Code {
  const isEmpty = i32.eq(get(from), get(to))
  const doubt = sure ? brIf(hand, i32.ltU(walk.endOf(sure, from), get(to))) : br(hand)
  return kind === 'pattern' ? when(isEmpty, [], doubt) : [brIf(hand, isEmpty), doubt]
}

/** The steps after an open field are met nowhere behind `place`: from the right it ends there too. */
function onlyPlace(
  to: WasmFunction,
  walk: WalkCode,
  { segment: { steps }, last, place, guard }: Found,
  limit: Local,
  exits: Exits,
): Code {
  const [first, second] = steps
  if (!first) return []
  const [done, blocks, bits, fail] = [new Label(), new Label(), new Label(), new Label()]
  const [at, mask] = [to.local(), to.local()]
  const end = guard ?? limit
  return block(done, [
    set(at, i32.add(get(place), i32.const(1))),
    loop(blocks, [
      brIf(done, i32.geU(get(at), get(end))),
      set(mask, v128.bitmask(v128.eq(v128.load(get(at)), all16(firstByte(first))))),
      set(mask, i32.and(get(mask), canFollow(first, second, at))),
      loop(bits, [
        when(get(mask), [
          set(walk.at, i32.add(get(at), i32.ctz(get(mask)))),
          brIf(done, i32.geU(get(walk.at), get(end))),
          block(fail, [
            walk.steps(steps, new Map(), { ...exits, fail }),
            last ? walk.end({ ...exits, fail }) : [],
            br(exits.hand),
          ]),
          set(mask, i32.and(get(mask), i32.sub(get(mask), i32.const(1)))),
          br(bits),
        ]),
      ]),
      set(at, i32.add(get(at), i32.const(16))),
      br(blocks),
    ]),
  ])
}

/** A bit for each of 16 places whose next byte could go on with these steps. */
function canFollow(first: Step, second: Step | undefined, at: Local): Code {
  const next = first.kind === 'literal' ? first.bytes[1] : undefined
  if (next !== undefined) return v128.bitmask(v128.eq(v128.load(get(at), 1), all16(next)))
  if (second?.kind !== 'run') return i32.const(0xffff)
  const sorted = halves(v128.load(get(at), 1))
  return i32.xor(i32.const(0xffff), foreign(second.alphabet, sorted.low, sorted.high))
}

function firstByte(step: Step): number {
  return step.kind === 'literal' ? (step.bytes[0] as number) : BLANK
}

const holds = (alphabet: Alphabet, text: string): boolean =>
  [...Buffer.from(text, 'latin1')].some((byte) => alphabet[byte] === 1)

/** Its bytes are a client's or a server's: anything. */
const isOfText = ({ kind }: Step): boolean => kind === 'captures' || kind === 'quoted'

/**
 * Steps of which the last ones are captures and quoted texts, and that can't be met from any place within these: to end
 * where they ended they would need as many quotes again, or a brace, and there are none left. (Captures with a quote or a
 * brace in them are not taken.) For the last segment only: behind the others is an open field.
 */
function isGuarded(steps: readonly Step[]): boolean {
  const text = steps.findIndex(isOfText)
  const [closed, rest] = [steps.slice(0, text), steps.slice(text)]
  const [first, second] = steps
  if (first?.kind !== 'separator' || second?.kind !== 'run' || !rest.some(({ kind }) => kind === 'quoted'))
    return false
  if (rest.some((step) => !isOfText(step) && step.kind !== 'separator')) return false
  return closed.every((step) => {
    if (step.kind === 'run') return !holds(step.alphabet, '{}"')
    if (step.kind === 'literal') return step.bytes.every((byte) => !'{}"'.includes(String.fromCharCode(byte)))
    return step.kind === 'separator'
  })
}
