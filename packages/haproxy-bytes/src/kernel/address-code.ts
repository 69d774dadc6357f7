import type { Exits, Place } from './places.ts'
import { all16, brIf, type Code, get, I64, i32, i64, type Local, set, V128, v128, when } from './wasm-code.ts'
import type { WasmFunction } from './wasm-module.ts'

const ZEROS = 0x3030303030303030n
const HALF = 32
const LONGEST_PORT = 5

/** Bits of 32 bytes: of those that end an address (blanks, control characters, `[`, `"`), and of colons. */
function marks(to: WasmFunction, at: Local, offset: number, stops: Local, colons: Local): Code {
  const x = to.local(V128)
  const one = (by: number, found: (to: Local, bits: Code) => Code): Code => {
    const ends = v128.or(
      v128.leU(get(x), all16(0x20)),
      v128.or(v128.eq(get(x), all16(0x5b)), v128.eq(get(x), all16(0x22))),
    )
    return [
      set(x, v128.load(get(at), offset + by)),
      found(stops, v128.bitmask(ends)),
      found(colons, v128.bitmask(v128.eq(get(x), all16(0x3a)))),
    ]
  }
  return [
    one(0, (local, bits) => set(local, bits)),
    one(16, (local, bits) => set(local, i32.or(get(local), i32.shl(bits, i32.const(16))))),
  ]
}

/**
 * `2001:db8::1:443`, of 64 bytes at most: the last colon parts them. Whatever else walkAddressPort knows (a blank after
 * the colon, a port in hexadecimal) is handed over.
 */
export function addressCode(
  to: WasmFunction,
  at: Local,
  address: Place | undefined,
  port: Place | undefined,
  { fail, hand }: Exits,
): Code {
  const [stops, colons, end, colon] = [to.local(), to.local(), to.local(), to.local()]
  const [moreStops, moreColons, digits] = [to.local(), to.local(), to.local(I64)]
  const before = (bits: Local): Code =>
    i32.sub(i32.and(get(bits), i32.sub(i32.const(0), get(bits))), i32.const(1))
  const last = (bits: Local, offset: number): Code =>
    i32.add(get(at), i32.sub(i32.const(offset + 31), i32.clz(get(bits))))
  return [
    marks(to, at, 0, stops, colons),
    when(
      get(stops),
      [
        set(end, i32.add(get(at), i32.ctz(get(stops)))),
        set(colons, i32.and(get(colons), before(stops))),
        // A relay took the address for a tag: only the port is left.
        when(get(colons), set(colon, last(colons, 0)), set(colon, i32.sub(get(at), i32.const(1)))),
      ],
      [
        marks(to, at, HALF, moreStops, moreColons),
        brIf(hand, i32.eqz(get(moreStops))),
        set(end, i32.add(get(at), i32.add(i32.ctz(get(moreStops)), i32.const(HALF)))),
        set(moreColons, i32.and(get(moreColons), before(moreStops))),
        when(get(moreColons), set(colon, last(moreColons, HALF)), [
          brIf(hand, i32.eqz(get(colons))),
          set(colon, last(colons, 0)),
        ]),
      ],
    ),
    brIf(hand, i32.eq(get(colon), get(at))),
    address
      ? [
          set(address.from, get(at)),
          set(address.to, get(colon)),
          when(i32.ltU(get(colon), get(at)), set(address.to, get(at))),
        ]
      : [],
    set(colon, i32.add(get(colon), i32.const(1))),
    // A word without a colon is a port.
    brIf(
      fail,
      i32.and(
        i32.eq(get(colon), get(at)),
        i32.leU(i32.const(10), i32.sub(i32.load8(get(at)), i32.const(0x30))),
      ),
    ),
    // One digit to five, each of them looked at: what is behind them is shifted out.
    set(stops, i32.sub(get(end), get(colon))),
    brIf(hand, i32.geU(i32.sub(get(stops), i32.const(1)), i32.const(LONGEST_PORT))),
    set(digits, i64.xor(i64.load(get(colon)), i64.const(ZEROS))),
    set(digits, i64.or(i64.add(get(digits), i64.const(0x0606060606060606n)), get(digits))),
    set(digits, i64.and(get(digits), i64.const(0xf0f0f0f0f0f0f0f0n))),
    set(digits, i64.shl(get(digits), i64.extend(i32.sub(i32.const(64), i32.shl(get(stops), i32.const(3)))))),
    brIf(hand, i32.eqz(i64.eqz(get(digits)))),
    port ? [set(port.from, get(colon)), set(port.to, get(end))] : [],
    set(at, get(end)),
  ]
}
