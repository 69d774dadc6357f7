/**
 * WebAssembly as a tree: numbers are bytes of code, a block has the label that branches to it name. Instructions are
 * functions of their operands (WebAssembly core 2.0, 5.4: binary format of instructions).
 */
export type Code = number | Block | Branch | Constant | readonly Code[]

interface Block {
  readonly opens: number
  readonly label: Label
  readonly body: Code
  readonly otherwise?: Code
}

interface Branch {
  readonly opcode: number
  readonly to: Label
}

interface Constant {
  readonly bytes: readonly number[]
}

/**
 * Constants of 16 bytes in memory: of one that stands in the code V8 makes four instructions each time it is used
 * (measured on Node 20), of one in memory none.
 */
export class Constants {
  readonly address: number
  readonly bytes: number[] = []
  readonly #known = new Map<string, number>()

  constructor(address: number) {
    this.address = address
  }

  addressOf(bytes: readonly number[]): number {
    const name = bytes.join()
    const known = this.#known.get(name) ?? this.address + this.bytes.length
    if (!this.#known.has(name)) {
      this.#known.set(name, known)
      this.bytes.push(...bytes)
    }
    return known
  }
}

/** Where a branch goes: behind a block, to the beginning of a loop. */
export class Label {}

/** A local variable of a function. */
export class Local {
  readonly index: number
  readonly type: number
  constructor(index: number, type: number) {
    this.index = index
    this.type = type
  }
}

export const I32 = 0x7f
export const I64 = 0x7e
export const V128 = 0x7b

export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

/** Of 32 bits. */
function signed32(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value | 0; ; ) {
    const low = rest & 0x7f
    rest >>= 7
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

export function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

const EMPTY = 0x40
const END = 0x0b
const ELSE = 0x05

/** The bytes of a function's body. */
export function encode(code: Code, constants: Constants, out: number[] = [], open: Label[] = []): number[] {
  if (typeof code === 'number') out.push(code)
  else if (Array.isArray(code)) for (const part of code as readonly Code[]) encode(part, constants, out, open)
  else if ('bytes' in code) encode(v128.load(i32.const(constants.addressOf(code.bytes))), constants, out)
  else if ('to' in code) {
    const depth = open.length - 1 - open.lastIndexOf(code.to)
    if (depth === open.length) throw new RangeError('a branch out of nowhere')
    out.push(code.opcode, ...unsigned(depth))
  } else if ('opens' in code) {
    out.push(code.opens, EMPTY)
    open.push(code.label)
    encode(code.body, constants, out, open)
    if (code.otherwise !== undefined) {
      out.push(ELSE)
      encode(code.otherwise, constants, out, open)
    }
    open.pop()
    out.push(END)
  }
  return out
}

export const block = (label: Label, body: Code): Code => ({ opens: 0x02, label, body })
export const loop = (label: Label, body: Code): Code => ({ opens: 0x03, label, body })
export const when = (condition: Code, body: Code, otherwise?: Code): Code => [
  condition,
  { opens: 0x04, label: new Label(), body, ...(otherwise !== undefined && { otherwise }) },
]
export const br = (to: Label): Code => ({ opcode: 0x0c, to })
export const brIf = (to: Label, condition: Code): Code => [condition, { opcode: 0x0d, to }]
export const give = (value: Code): Code => [value, 0x0f]
export const call = (number: number, ...operands: Code[]): Code => [operands, 0x10, unsigned(number)]

export const get = ({ index }: Local): Code => [0x20, unsigned(index)]
export const set = ({ index }: Local, value: Code): Code => [value, 0x21, unsigned(index)]
export const tee = ({ index }: Local, value: Code): Code => [value, 0x22, unsigned(index)]

type Unary = (a: Code) => Code
type Binary = (a: Code, b: Code) => Code
const unary =
  (...opcode: number[]): Unary =>
  (a) => [a, opcode]
const binary =
  (...opcode: number[]): Binary =>
  (a, b) => [a, b, opcode]
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [address, opcode, 0, unsigned(offset)]
const store =
  (...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, 0, unsigned(offset)]

export const i32 = {
  const: (value: number): Code => [0x41, signed32(value)],
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  ltU: binary(0x49),
  gtU: binary(0x4b),
  leU: binary(0x4d),
  geU: binary(0x4f),
  clz: unary(0x67),
  ctz: unary(0x68),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrU: binary(0x76),
  wrap: unary(0xa7),
  load: load(0x28),
  load8: load(0x2d),
  load16: load(0x2f),
  store: store(0x36),
  store16: store(0x3b),
}

export const i64 = {
  const: (value: bigint): Code => [0x42, signed(BigInt.asIntN(64, value))],
  eqz: unary(0x50),
  eq: binary(0x51),
  ne: binary(0x52),
  ltS: binary(0x53),
  ltU: binary(0x54),
  geS: binary(0x59),
  clz: unary(0x79),
  ctz: unary(0x7a),
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  divS: binary(0x7f),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrU: binary(0x88),
  rotl: binary(0x89),
  extend: unary(0xad),
  load: load(0x29),
  store: store(0x37),
}

const simd = (number: number): number[] => [0xfd, ...unsigned(number)]

/** Sixteen bytes at once. */
export const v128 = {
  const: (bytes: readonly number[]): Code => ({ bytes }),
  zero: [simd(12), new Array<number>(16).fill(0)] as Code,
  load: load(...simd(0)),
  store: store(...simd(11)),
  swizzle: binary(...simd(14)),
  splat: unary(...simd(15)),
  eq: binary(...simd(35)),
  ne: binary(...simd(36)),
  leU: binary(...simd(42)),
  and: binary(...simd(78)),
  or: binary(...simd(80)),
  xor: binary(...simd(81)),
  bitmask: unary(...simd(100)),
  /** Of eight times 16 bits. */
  shrU16: binary(...simd(141)),
  sub: binary(...simd(113)),
  /** The low (0) or high (1) eight bytes. */
  half: (a: Code, lane: 0 | 1): Code => [a, simd(29), lane],
}

/** 1 where a comparison holds for all bytes. */
export const isAll = (compared: Code): Code => i32.eq(v128.bitmask(compared), i32.const(0xffff))

/** Every byte the same. */
export const all16 = (byte: number): Code => v128.const(new Array<number>(16).fill(byte))
