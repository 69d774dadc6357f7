import { CELL, LONGEST_KEY, RECORD, SLOT, TAIL } from './layout.ts'
import type { Place } from './places.ts'
import {
  block,
  br,
  brIf,
  type Code,
  get,
  I64,
  i32,
  i64,
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

const MIX = 0x9fb21c651e98df25n
const cell = (at: number): Code => i32.load(i32.const(at))
const setCell = (at: number, value: Code): Code => i32.store(i32.const(at), value)
const increase = (local: Local, by: number): Code => set(local, i32.add(get(local), i32.const(by)))

/** Sets `record` to the record of these keys, in a hash table with open places; a new one if there is none. */
export function recordCode(
  to: WasmFunction,
  record: Local,
  program: number,
  keys: readonly Place[],
  hand: Label,
): Code {
  const [end, size, slot, other, offset] = Array.from({ length: 5 }, () => to.local()) as Locals5
  const [hash, x, found, probe, differs] = [
    to.local(I64),
    to.local(V128),
    new Label(),
    new Label(),
    new Label(),
  ]
  const compare = new Label()
  const mix = (value: Code): Code =>
    set(hash, i64.mul(i64.rotl(i64.xor(get(hash), value), i64.const(29n)), i64.const(MIX)))
  const sameVector = (at: number): Code =>
    isAll(
      v128.eq(
        v128.load(i32.add(get(other), get(offset)), at),
        v128.load(i32.add(get(record), get(offset)), at),
      ),
    )
  return [
    keys.map(({ from, to: until }) =>
      brIf(hand, i32.geU(i32.sub(get(until), get(from)), i32.const(LONGEST_KEY))),
    ),
    // The keys are written where a new record would be: if it is one, it is there already.
    set(record, cell(CELL.recordEnd)),
    set(hash, i64.const(BigInt(program))),
    v128.store(get(record), v128.zero, RECORD.lengths),
    i32.store16(get(record), i32.const(program), RECORD.lengths),
    set(end, i32.add(get(record), i32.const(RECORD.keys))),
    keys.map((key, number) => copyKey(to, key, end, record, RECORD.lengths + 2 * (number + 1), x, mix)),
    set(size, i32.sub(get(end), get(record))),
    set(hash, i64.xor(get(hash), i64.shrU(get(hash), i64.const(32n)))),
    set(slot, i32.wrap(get(hash))),
    block(found, [
      loop(probe, [
        set(slot, i32.and(get(slot), cell(CELL.slotMask))),
        set(other, i32.add(cell(CELL.slots), i32.mul(get(slot), i32.const(SLOT)))),
        when(i32.eqz(i32.load(get(other))), [insert(record, hash, size, other, end), br(found)]),
        block(differs, [
          brIf(differs, i32.ne(i32.load(get(other), 4), i32.wrap(get(hash)))),
          set(other, i32.load(get(other))),
          brIf(differs, i32.ne(i32.load(get(other), RECORD.size), get(size))),
          set(offset, i32.const(RECORD.lengths)),
          loop(compare, [
            brIf(differs, i32.eqz(sameVector(0))),
            increase(offset, 16),
            brIf(compare, i32.ltU(get(offset), get(size))),
          ]),
          set(record, get(other)),
          br(found),
        ]),
        increase(slot, 1),
        br(probe),
      ]),
    ]),
  ]
}

type Locals5 = [Local, Local, Local, Local, Local]

function copyKey(
  to: WasmFunction,
  { from, to: until }: Place,
  end: Local,
  record: Local,
  lengthAt: number,
  x: Local,
  mix: (value: Code) => Code,
): Code {
  const [rest, copy, at] = [to.local(), new Label(), to.local()]
  const tail = i32.sub(i32.const(TAIL + 16), get(rest))
  return [
    set(at, get(from)),
    set(rest, i32.sub(get(until), get(at))),
    i32.store16(get(record), get(rest), lengthAt),
    loop(copy, [
      set(x, v128.load(get(at))),
      when(i32.ltU(get(rest), i32.const(16)), set(x, v128.and(get(x), v128.load(tail)))),
      v128.store(get(end), get(x)),
      mix(v128.half(get(x), 0)),
      mix(v128.half(get(x), 1)),
      increase(end, 16),
      when(i32.gtU(get(rest), i32.const(16)), [increase(at, 16), increase(rest, -16), br(copy)]),
    ]),
  ]
}

function insert(record: Local, hash: Local, size: Local, slot: Local, end: Local): Code {
  const left = CELL.recordsLeft
  return [
    i32.store(get(slot), get(record)),
    i32.store(get(slot), i32.wrap(get(hash)), 4),
    [0, 16, 32, 48].map((at) => v128.store(get(record), v128.zero, at)),
    i32.store(get(record), i32.wrap(get(hash)), RECORD.hash),
    i32.store(get(record), get(size), RECORD.size),
    setCell(CELL.recordEnd, get(end)),
    setCell(left, i32.sub(cell(left), i32.const(1))),
    when(
      i32.or(i32.geU(get(end), cell(CELL.recordLimit)), i32.eqz(cell(left))),
      setCell(CELL.stop, i32.const(1)),
    ),
  ]
}

export interface Values {
  readonly bytesOut: Local
  readonly bytesIn?: Local
  readonly aborted?: Code
  readonly early: Code
}

/** Adds one transfer to a record. */
export function addCode(record: Local, { bytesOut, bytesIn, aborted, early }: Values): Code {
  const add = (at: number, value: Code): Code =>
    i64.store(get(record), i64.add(i64.load(get(record), at), value), at)
  const largest = (at: number): Code =>
    i64.store(i32.const(CELL.largest), i64.or(i64.load(i32.const(CELL.largest)), i64.load(get(record), at)))
  const one = i64.const(1n)
  return [
    add(RECORD.requests, one),
    add(RECORD.bytesOut, get(bytesOut)),
    largest(RECORD.bytesOut),
    bytesIn ? [add(RECORD.bytesIn, get(bytesIn)), largest(RECORD.bytesIn)] : [],
    aborted ? when(aborted, [add(RECORD.abortedRequests, one), add(RECORD.abortedOut, get(bytesOut))]) : [],
    when(early, [add(RECORD.partialRequests, one), add(RECORD.partialOut, get(bytesOut))]),
  ]
}
