import { isKind } from './envelope-code.ts'
import { recordCode } from './group-code.ts'
import { fieldKey, type KeyCode } from './key-code.ts'
import {
  AFTER,
  BLOCK_SIZE,
  BLOCKS,
  CELL,
  COUNTER_BITS,
  ENVELOPE,
  ENVELOPES,
  MOST_BLOCKS,
  OWNER,
} from './layout.ts'
import type { Place } from './places.ts'
import type { Program } from './program.ts'
import { integerCode } from './value-code.ts'
import { brIf, type Code, get, I64, i32, i64, type Label, type Local, set, when } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

interface Line {
  readonly line: Local
  readonly envelope: Local
}

/**
 * Notes numbers of %lc, by host, pid and frontend. Lines are written in the order of their numbers but for some that
 * threads write at once, so a block of 64 numbers is told when a number of another one comes.
 */
export class CounterCode {
  readonly #to: WasmFunction
  readonly #frontend: KeyCode
  readonly #written: Place
  readonly #line: Line
  readonly #hand: Label
  readonly #owner: Local
  readonly #number: Local
  readonly #block: Local

  constructor(
    to: WasmFunction,
    { field, frontend }: NonNullable<Program['counter']>,
    placeOf: (field: number) => Place,
    line: Line,
    hand: Label,
  ) {
    this.#to = to
    this.#written = placeOf(field)
    this.#frontend = fieldKey(to, 'frontend', frontend, placeOf, hand)
    this.#hand = hand
    this.#line = line
    this.#owner = to.local()
    this.#number = to.local(I64)
    this.#block = to.local()
  }

  /** Finds whose number it is, and reads it. */
  find(): Code {
    const { place, code } = this.#frontend
    const hand = this.#hand
    const [host, pid] = [this.#place(ENVELOPE.host), this.#place(ENVELOPE.pid)]
    return [
      // Without a tag the word behind the stamp is taken for the host, and it is one of the message.
      brIf(hand, isKind(this.#line.envelope, AFTER.stamp)),
      code,
      brIf(hand, i32.eq(get(place.from), get(place.to))),
      integerCode(this.#to, this.#number, this.#written, hand),
      brIf(hand, i32.wrap(i64.shrU(get(this.#number), i64.const(BigInt(COUNTER_BITS))))),
      host.code,
      pid.code,
      recordCode(this.#to, this.#owner, OWNER.program, [host.place, pid.place, place], hand),
    ]
  }

  /** Notes the number; from here on nothing hands the line over. */
  note(): Code {
    const entry = i32.mul(i32.load(i32.const(CELL.blocks)), i32.const(BLOCK_SIZE))
    const bits = i64.load(get(this.#owner), OWNER.bits)
    return [
      set(this.#block, i32.wrap(i64.shrU(get(this.#number), i64.const(6n)))),
      when(i32.ne(i32.load(get(this.#owner), OWNER.block), get(this.#block)), [
        when(i32.eqz(i64.eqz(bits)), [
          i32.store(entry, get(this.#owner), BLOCKS),
          i32.store(entry, i32.load(get(this.#owner), OWNER.block), BLOCKS + 4),
          i64.store(entry, bits, BLOCKS + 8),
          i32.store(i32.const(CELL.blocks), i32.add(i32.load(i32.const(CELL.blocks)), i32.const(1))),
          when(
            i32.geU(i32.load(i32.const(CELL.blocks)), i32.const(MOST_BLOCKS)),
            i32.store(i32.const(CELL.stop), i32.const(1)),
          ),
        ]),
        i32.store(get(this.#owner), get(this.#block), OWNER.block),
        i64.store(get(this.#owner), i64.const(0n), OWNER.bits),
      ]),
      i64.store(get(this.#owner), i64.or(bits, i64.shl(i64.const(1n), get(this.#number))), OWNER.bits),
    ]
  }

  /** Of the envelope, by where it names it. */
  #place(at: number): KeyCode {
    const { line, envelope } = this.#line
    const place = { from: this.#to.local(), to: this.#to.local() }
    const end = (offset: number): Code =>
      i32.add(get(line), i32.load16(get(envelope), ENVELOPES + at + offset))
    return { place, code: [set(place.from, end(0)), set(place.to, end(2))] }
  }
}
