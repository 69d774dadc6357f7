import { AFTER, CELL, ENVELOPE, ENVELOPE_SIZE, ENVELOPES } from './layout.ts'
import { BLANK, LINE_FEED } from './places.ts'
import type { WalkCode } from './walk-code.ts'
import {
  all16,
  block,
  br,
  brIf,
  type Code,
  get,
  i32,
  isAll,
  Label,
  type Local,
  loop,
  set,
  V128,
  v128,
  when,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

const cell = (at: number): Code => i32.load(i32.const(at))

/**
 * Sets `envelope` to the address of one that the line begins with (see envelopes.ts), first trying that of the line
 * before. A line with none of them is handed over, and so is one whose message could be more of its envelope.
 */
export function envelopeCode(
  to: WasmFunction,
  walk: WalkCode,
  line: Local,
  envelope: Local,
  hand: Label,
): Code {
  const [tried, vector, compare, differs, found, next] = [
    to.local(),
    to.local(),
    new Label(),
    new Label(),
    new Label(),
    new Label(),
  ]
  const same = to.local(V128)
  const offset = i32.shl(get(vector), i32.const(4))
  const known = (at: number): Code => v128.load(i32.add(get(envelope), offset), ENVELOPES + at)
  const bytes = v128.load(i32.add(get(line), offset))
  const message = i32.add(get(line), i32.load(get(envelope), ENVELOPES + ENVELOPE.length))
  return [
    brIf(hand, i32.eqz(cell(CELL.envelopes))),
    set(tried, i32.const(0)),
    set(envelope, cell(CELL.envelope)),
    block(found, [
      loop(next, [
        block(differs, [
          set(vector, i32.load(get(envelope), ENVELOPES + ENVELOPE.vectors)),
          brIf(found, i32.eqz(get(vector))),
          set(same, all16(255)),
          loop(compare, [
            set(vector, i32.sub(get(vector), i32.const(1))),
            set(
              same,
              v128.and(get(same), v128.leU(v128.sub(bytes, known(ENVELOPE.base)), known(ENVELOPE.slack))),
            ),
            brIf(compare, get(vector)),
          ]),
          brIf(found, isAll(get(same))),
        ]),
        set(tried, i32.add(get(tried), i32.const(1))),
        brIf(hand, i32.geU(get(tried), cell(CELL.envelopes))),
        set(envelope, i32.add(get(envelope), i32.const(ENVELOPE_SIZE))),
        when(
          i32.geU(get(envelope), i32.mul(cell(CELL.envelopes), i32.const(ENVELOPE_SIZE))),
          set(envelope, i32.const(0)),
        ),
        br(next),
      ]),
    ]),
    i32.store(i32.const(CELL.envelope), get(envelope)),
    brIf(hand, i32.eq(i32.load8(message), i32.const(BLANK))),
    when(isKind(envelope, AFTER.nothing), bareCode(message, hand)),
    when(isKind(envelope, AFTER.stamp), [set(walk.at, message), untaggedCode(to, walk, hand)]),
  ]
}

/** What the message comes after. */
export const isKind = (envelope: Local, kind: number): Code =>
  i32.eq(i32.load(get(envelope), ENVELOPES + ENVELOPE.after), i32.const(kind))

/** Words behind a stamp that readEnvelope tries for a tag. */
const MOST_WORDS = 4

/** None of the first words is a tag, or could be one: it ends in no colon, and a bracket is only where a date has it. */
function untaggedCode(to: WasmFunction, walk: WalkCode, hand: Label): Code {
  const [begin, words, next, done] = [to.local(), to.local(), new Label(), new Label()]
  const { at } = walk
  const last = i32.load8(i32.sub(get(at), i32.const(1)))
  const isDate = i32.eq(i32.load8(get(begin)), i32.const(0x5b))
  return block(done, [
    set(words, i32.const(MOST_WORDS)),
    loop(next, [
      set(begin, get(at)),
      set(at, i32.add(get(at), i32.const(1))),
      walk.scanTo([BLANK, 0x5b]),
      brIf(hand, walk.isByte(0x5b)),
      brIf(hand, i32.eq(last, i32.const(0x3a))),
      brIf(hand, i32.and(i32.eq(last, i32.const(0x5d)), i32.eqz(isDate))),
      brIf(done, walk.isByte(LINE_FEED)),
      set(at, i32.add(get(at), i32.const(1))),
      brIf(hand, i32.or(walk.isByte(BLANK), walk.isByte(LINE_FEED))),
      set(words, i32.sub(get(words), i32.const(1))),
      brIf(next, get(words)),
    ]),
  ])
}

/**
 * Where no stamp stands before the message, it must not begin like one (`Nov 21`, `2026-`), nor like a priority
 * (`<134>`) or the length of a message on a stream (`123 <`).
 */
function bareCode(message: Code, hand: Label): Code {
  const blanks = v128.bitmask(v128.eq(v128.load(message), all16(BLANK)))
  const angles = v128.bitmask(v128.eq(v128.load(message, 1), all16(0x3c)))
  return [
    brIf(hand, i32.eq(i32.load8(message), i32.const(0x3c))),
    brIf(hand, i32.eq(i32.load8(message, 3), i32.const(BLANK))),
    brIf(hand, i32.eq(i32.load8(message, 4), i32.const(0x2d))),
    brIf(hand, i32.and(i32.and(blanks, angles), i32.const(0xff))),
  ]
}
