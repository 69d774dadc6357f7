import { type Code, Constants, encode, I32, Local, signed, unsigned } from './wasm-code.ts'

/** A function under construction: its locals are numbered as they are asked for. */
export class WasmFunction {
  readonly #parameters: number
  readonly #result: boolean
  readonly #types: number[] = []
  body: Code = []

  /** @param parameters how many, all i32; @param result whether it gives an i32 */
  constructor(parameters: number, result: boolean) {
    this.#parameters = parameters
    this.#result = result
  }

  parameter(number: number): Local {
    return new Local(number, I32)
  }

  local(type: number = I32): Local {
    this.#types.push(type)
    return new Local(this.#parameters + this.#types.length - 1, type)
  }

  get type(): Uint8Array {
    const parameters = new Array<number>(this.#parameters).fill(I32)
    return Uint8Array.of(0x60, this.#parameters, ...parameters, ...(this.#result ? [1, I32] : [0]))
  }

  code(constants: Constants): Uint8Array {
    const locals = this.#types.flatMap((type) => [1, type])
    const head = [...unsigned(this.#types.length), ...locals]
    const body = encode(this.body, constants)
    body.push(END)
    return joined([unsigned(head.length + body.length), head, body])
  }
}

const END = 0x0b

type Bytes = Uint8Array | readonly number[]

const joined = (parts: readonly Bytes[]): Uint8Array => Buffer.concat(parts.map((part) => Buffer.from(part)))
const name = (text: string): number[] => [text.length, ...Buffer.from(text, 'latin1')]
const list = (parts: readonly Bytes[]): Uint8Array => joined([unsigned(parts.length), ...parts])
const section = (id: number, content: Uint8Array): Uint8Array =>
  joined([[id], unsigned(content.length), content])

/**
 * A module of these functions, the last of them exported as `take`; its memory is given to it as `memory`, and gets its
 * constants at `address`.
 */
export function wasmModule(functions: readonly WasmFunction[], pages: number, address: number): Uint8Array {
  const constants = new Constants(address)
  const code = functions.map((one) => one.code(constants))
  const data = [0, 0x41, ...signed(BigInt(address)), END, ...unsigned(constants.bytes.length)]
  return joined([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, list(functions.map(({ type }) => type))),
    section(2, list([[...name(''), ...name('memory'), 0x02, 0x00, ...unsigned(pages)]])),
    section(3, list(functions.map((_, number) => unsigned(number)))),
    section(7, list([[...name('take'), 0x00, ...unsigned(functions.length - 1)]])),
    section(10, list(code)),
    section(11, list([joined([data, constants.bytes])])),
  ])
}
