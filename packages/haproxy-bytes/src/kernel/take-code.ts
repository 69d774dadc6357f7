import { LONGEST_LINE } from '../lines/index.ts'
import type { Step } from '../matcher/step.ts'
import { CounterCode } from './counter-code.ts'
import { envelopeCode, isKind } from './envelope-code.ts'
import type { Rival } from './exclusions.ts'
import { addCode, recordCode } from './group-code.ts'
import { fieldKey, timeKey } from './key-code.ts'
import { AFTER, CELL, ENVELOPE, ENVELOPES, HANDED } from './layout.ts'
import { lineCode } from './line-code.ts'
import type { Exits, Place } from './places.ts'
import type { Program, Source, Wanted } from './program.ts'
import { RunFunctions } from './run-code.ts'
import { abortedCode, instantCode, integerCode, isEarly, isNothing } from './value-code.ts'
import { WalkCode } from './walk-code.ts'
import {
  block,
  br,
  brIf,
  type Code,
  get,
  give,
  I64,
  i32,
  i64,
  Label,
  type Local,
  loop,
  set,
  when,
} from './wasm-code.ts'
import { WasmFunction } from './wasm-module.ts'

/** A program with its number, and the formats that LineReader tries before it. */
export interface Candidate {
  readonly number: number
  readonly program: Program
  readonly rivals: readonly Rival[]
}

export interface TakeSettings {
  readonly sources: readonly Source[]
  readonly time: boolean
  readonly span: boolean
  /** Milliseconds of a group of time. */
  readonly unit: number
  readonly countQuotes: boolean
}

/**
 * Functions of the kernel. The last takes lines from one address to another, both at beginnings of lines, and gives the
 * address of the first that it didn't look at.
 */
export function takeFunctions(candidates: readonly Candidate[], settings: TakeSettings): WasmFunction[] {
  const functions = new RunFunctions()
  const take = new WasmFunction(2, true)
  take.body = takeCode(take, new WalkCode(take, functions), candidates, settings)
  return [...functions.all, take]
}

function takeCode(
  to: WasmFunction,
  walk: WalkCode,
  candidates: readonly Candidate[],
  settings: TakeSettings,
): Code {
  const [from, until] = [to.parameter(0), to.parameter(1)]
  const [envelope, handed] = [to.local(), to.local()]
  const [lines, hand, taken] = [new Label(), new Label(), new Label()]
  const message = i32.add(get(from), i32.load(get(envelope), ENVELOPES + ENVELOPE.length))
  return [
    loop(lines, [
      when(i32.or(i32.geU(get(from), get(until)), i32.load(i32.const(CELL.stop))), give(get(from))),
      block(taken, [
        block(hand, [
          envelopeCode(to, walk, from, envelope, hand),
          candidates.map((candidate) => {
            const fail = new Label()
            return block(fail, [
              set(walk.at, message),
              candidateCode(to, walk, candidate, { fail, hand }, settings, { line: from, envelope, taken }),
            ])
          }),
        ]),
        set(walk.at, get(from)),
        walk.scanTo([]),
        set(handed, i32.load(i32.const(CELL.handed))),
        i32.store(i32.shl(get(handed), i32.const(3)), get(from), HANDED),
        i32.store(i32.shl(get(handed), i32.const(3)), get(walk.at), HANDED + 4),
        set(handed, i32.add(get(handed), i32.const(1))),
        i32.store(i32.const(CELL.handed), get(handed)),
        when(
          i32.geU(get(handed), i32.load(i32.const(CELL.handedLimit))),
          i32.store(i32.const(CELL.stop), i32.const(1)),
        ),
      ]),
      set(from, i32.add(get(walk.at), i32.const(1))),
      br(lines),
    ]),
    i32.const(0),
  ]
}

interface LineLocals {
  readonly line: Local
  readonly envelope: Local
  readonly taken: Label
}

/** Takes the line as one of this program, or leaves by an exit before anything is counted. */
function candidateCode(
  to: WasmFunction,
  walk: WalkCode,
  { program, rivals, number }: Candidate,
  exits: Exits,
  { sources, time, span, unit, countQuotes }: TakeSettings,
  { line, envelope, taken }: LineLocals,
): Code {
  const places = new Map<number, Place>()
  const placeOf = (field: number): Place => {
    const place = places.get(field) ?? { from: to.local(), to: to.local() }
    places.set(field, place)
    return place
  }
  const { date, bytesIn, state } = program
  const out = placeOf(program.bytesOut)
  const took = program.took.map(placeOf)
  const sentPlace = bytesIn === undefined ? undefined : placeOf(bytesIn)
  const [record, early] = [to.local(), to.local()]
  const [bytes, sent, instant] = [to.local(I64), to.local(I64), to.local(I64)]
  const nothing = ({ field, more }: Wanted): Code => (more ? brIf(exits.hand, isNothing(placeOf(field))) : [])
  const inTime =
    time && date
      ? instantCode(
          to,
          instant,
          placeOf(date.field),
          date.took === undefined ? undefined : placeOf(date.took),
          exits.hand,
        )
      : []
  const keys = sources.map((source, key) =>
    source === 'time'
      ? timeKey(to, instant, unit)
      : fieldKey(to, source, program.keys[key], placeOf, exits.hand),
  )
  const counter =
    program.counter && new CounterCode(to, program.counter, placeOf, { line, envelope }, exits.hand)
  // All places are known by now: only what is asked for is kept on the way.
  const stateWanted = state ? ([nothing(state), placeOf(state.field)] as const) : undefined
  const aborted = stateWanted && abortedCode(stateWanted[1])
  const walked = lineCode(to, walk, program, places, exits, countQuotes)
  const found = recordCode(
    to,
    record,
    number,
    keys.map(({ place }) => place),
    exits.hand,
  )
  return [
    walked,
    brIf(exits.hand, i32.geU(i32.sub(get(walk.at), get(line)), i32.const(LONGEST_LINE))),
    rivals.map((rival) =>
      rival.kind === 'probe' ? probeCode(to, walk, rival.steps, { line, envelope }, exits) : [],
    ),
    when(isKind(envelope, AFTER.anyTag), elsewhereCode(to, walk, program, { line, envelope }, exits)),
    set(early, isEarly(out)),
    integerCode(to, bytes, out, exits.hand, early),
    took.map((place) => brIf(exits.hand, i32.and(isEarly(place), i32.eqz(get(early))))),
    sentPlace ? integerCode(to, sent, sentPlace, exits.hand) : [],
    stateWanted?.[0] ?? [],
    inTime,
    span
      ? brIf(
          taken,
          i32.or(
            i64.ltS(get(instant), i64.load(i32.const(CELL.since))),
            i64.geS(get(instant), i64.load(i32.const(CELL.until))),
          ),
        )
      : [],
    keys.map(({ code }) => code),
    counter?.find() ?? [],
    // Without keys it is the same record until JavaScript takes the sums, between two calls.
    keys.length === 0 ? when(i32.eqz(get(record)), found) : found,
    addCode(record, {
      bytesOut: bytes,
      ...(sentPlace && { bytesIn: sent }),
      ...(aborted && { aborted }),
      early: get(early),
    }),
    counter?.note() ?? [],
    br(taken),
  ]
}

/**
 * Where the tag may be a word of the message: from no other start can its first steps be met. That word comes last;
 * taken for an address, with the port behind its colon, it leaves the rest of the line as it is.
 */
function elsewhereCode(
  to: WasmFunction,
  walk: WalkCode,
  { segments }: Program,
  places: Pick<LineLocals, 'line' | 'envelope'>,
  exits: Exits,
): Code {
  const steps = segments[0]?.steps ?? []
  const isAddress = steps[0]?.kind === 'address-port' && steps[1]?.kind === 'separator'
  return probeCode(to, walk, steps, places, exits, { first: 1, left: isAddress ? 1 : 0 })
}

/** From no start of the message, but for those before `first` and the last ones, can these steps be met. */
function probeCode(
  to: WasmFunction,
  walk: WalkCode,
  steps: readonly Step[],
  { line, envelope }: Pick<LineLocals, 'line' | 'envelope'>,
  { hand }: Exits,
  { first, left } = { first: 0, left: 0 },
): Code {
  const [start, end, next, fail] = [to.local(), to.local(), new Label(), new Label()]
  return [
    // Behind a stamp without a tag the starts are where the words of the line are.
    brIf(hand, isKind(envelope, AFTER.stamp)),
    set(end, get(walk.at)),
    set(start, i32.sub(i32.load(get(envelope), ENVELOPES + ENVELOPE.startCount), i32.const(left))),
    when(
      i32.gtU(get(start), i32.const(first)),
      loop(next, [
        set(start, i32.sub(get(start), i32.const(1))),
        set(
          walk.at,
          i32.add(
            get(line),
            i32.load16(
              i32.add(get(envelope), i32.shl(get(start), i32.const(1))),
              ENVELOPES + ENVELOPE.starts,
            ),
          ),
        ),
        block(fail, [walk.steps(steps, new Map(), { fail, hand }), br(hand)]),
        brIf(next, i32.gtU(get(start), i32.const(first))),
      ]),
    ),
    set(walk.at, get(end)),
  ]
}
