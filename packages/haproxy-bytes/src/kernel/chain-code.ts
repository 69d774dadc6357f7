import { type Alphabet, WORD } from '../matcher/alphabets.ts'
import type { Step } from '../matcher/step.ts'
import { BLANK, type Place } from './places.ts'
import { usualLength } from './run-lengths.ts'
import {
  all16,
  block,
  br,
  brIf,
  type Code,
  get,
  I64,
  i32,
  i64,
  Label,
  type Local,
  set,
  V128,
  v128,
} from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'
import { foreign, halves } from './window-code.ts'

type Run = Extract<Step, { kind: 'run' }>
/** A run and the one byte behind it. */
export type Pair = readonly [run: Run, behind: number]

/** Bytes that are looked at for a chain. */
const REACH = 64
const VECTOR = 16

/** How many of these steps are walked together, two to a run; none for a run by itself. */
export function chainAt(steps: readonly Step[], from: number): Pair[] {
  const pairs: Pair[] = []
  let length = 0
  for (let at = from; at + 1 < steps.length; at += 2) {
    const [run, next] = steps.slice(at, at + 2) as [Step, Step]
    const behind = byteOf(next)
    if (run.kind !== 'run' || behind === undefined || run.alphabet === WORD) break
    length += usualLength(run) + 1
    if (length > REACH) break
    pairs.push([run, behind])
  }
  return pairs.length > 1 ? pairs : []
}

/** Parts of a chain that are of one alphabet each, with the number of their first pair. */
export function partsOf(
  pairs: readonly Pair[],
): { readonly first: number; readonly pairs: readonly Pair[] }[] {
  const parts: { first: number; pairs: Pair[] }[] = []
  for (const [number, pair] of pairs.entries()) {
    const last = parts.at(-1)
    if (last?.pairs[0]?.[0].alphabet === pair[0].alphabet) last.pairs.push(pair)
    else parts.push({ first: number, pairs: [pair] })
  }
  return parts
}

function byteOf(step: Step): number | undefined {
  if (step.kind === 'separator') return BLANK
  return step.kind === 'literal' && step.bytes.length === 1 ? step.bytes[0] : undefined
}

/**
 * Runs with a byte between each (`www be/srv1 0/0/3/1/22 200 2835 `): where they end shows by these bytes at once, and
 * what is between them is held against its alphabets beside that.
 *
 * @param slowly the same steps one by one: for lines whose fields are longer, and those that differ
 */
export function chainCode(
  to: WasmFunction,
  at: Local,
  pairs: readonly Pair[],
  places: ReadonlyMap<number, Place>,
  slowly: () => Code,
): Code {
  const [slow, done] = [new Label(), new Label()]
  const [ends, rest, met, before] = [to.local(I64), to.local(I64), to.local(I64), to.local(I64)]
  const next = to.local()
  const alphabets = [...new Set(pairs.map(([{ alphabet }]) => alphabet))]
  const foreigners = new Map(alphabets.map((alphabet) => [alphabet, to.local(I64)]))
  const lower = i64.sub(get(rest), i64.const(1n))
  const walked = pairs.map(([{ field, alphabet }, behind], number) => {
    const place = places.get(field)
    const isLast = number === pairs.length - 1
    const differing = i64.xor(get(ends), get(foreigners.get(alphabet) as Local))
    return [
      place ? set(place.from, number === 0 ? get(at) : i32.add(get(next), i32.const(1))) : [],
      set(next, i32.add(get(at), i32.wrap(i64.ctz(get(rest))))),
      place ? set(place.to, get(next)) : [],
      brIf(slow, i32.ne(i32.load8(get(next)), i32.const(behind))),
      isLast ? brIf(slow, i64.eqz(get(rest))) : [],
      // Of runs of one alphabet that follow each other the last one speaks for all.
      isLast || pairs[number + 1]?.[0].alphabet !== alphabet
        ? [
            set(met, i64.xor(get(rest), lower)),
            brIf(
              slow,
              i32.eqz(i64.eqz(i64.and(differing, number === 0 ? get(met) : i64.xor(get(met), get(before))))),
            ),
            isLast ? [] : set(before, get(met)),
          ]
        : [],
      isLast ? [] : set(rest, i64.and(get(rest), lower)),
    ]
  })
  // Of the ends that were met, none may follow another, or be the first byte: there the run would be empty.
  const found = i64.and(get(ends), get(met))
  const empty = i64.and(found, i64.or(i64.shl(found, i64.const(1n)), i64.const(1n)))
  return [
    sortCode(to, at, ends, [...new Set(pairs.map(([, behind]) => behind))], foreigners),
    set(rest, get(ends)),
    set(before, i64.const(0n)),
    block(done, [
      block(slow, [
        walked,
        brIf(slow, i32.eqz(i64.eqz(empty))),
        set(at, i32.add(get(next), i32.const(1))),
        br(done),
      ]),
      slowly(),
    ]),
  ]
}

/** A bit for each byte that is one of `bytes`, and for each alphabet one for each byte that is none of it. */
function sortCode(
  to: WasmFunction,
  at: Local,
  ends: Local,
  bytes: readonly number[],
  foreigners: ReadonlyMap<Alphabet, Local>,
): Code {
  const [x, low, high] = [to.local(V128), to.local(V128), to.local(V128)]
  const isEnd = bytes.map((byte) => v128.eq(get(x), all16(byte))).reduce((a, b) => v128.or(a, b))
  const add = (bits: Local, found: Code, offset: number): Code => {
    const placed = i64.shl(i64.extend(found), i64.const(BigInt(offset)))
    return set(bits, offset === 0 ? i64.extend(found) : i64.or(get(bits), placed))
  }
  return Array.from({ length: REACH / VECTOR }, (_, number) => {
    const offset = number * VECTOR
    const sorted = halves(get(x))
    return [
      set(x, v128.load(get(at), offset)),
      add(ends, v128.bitmask(isEnd), offset),
      set(low, sorted.low),
      set(high, sorted.high),
      [...foreigners].map(([alphabet, bits]) => add(bits, foreign(alphabet, get(low), get(high)), offset)),
    ]
  })
}
