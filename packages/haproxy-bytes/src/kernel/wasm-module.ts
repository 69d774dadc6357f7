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

  get type(): number[] {
    const parameters = new Array<number>(this.#parameters).fill(I32)
    return [0x60, this.#parameters, ...parameters, ...(this.#result ? [1, I32] : [0])]
  }

  code(constants: Constants): number[] {
    const locals = this.#types.flatMap((type) => [1, type])
    const body = [...unsigned(this.#types.length), ...locals, ...encode(this.body, constants), 0x0b]
    return [...unsigned(body.length), ...body]
  }
}

const name = (text: string): number[] => [text.length, ...Buffer.from(text, 'latin1')]
const list = (parts: readonly (readonly number[])[]): number[] => [...unsigned(parts.length), ...parts.flat()]
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
]

/**
 * A module of these functions, the last of them exported as `take`; its memory is given to it as `memory`, and gets its
 * constants at `address`.
 */
export function wasmModule(functions: readonly WasmFunction[], pages: number, address: number): Uint8Array {
  const constants = new Constants(address)
  const code = functions.map((one) => one.code(constants))
  const data = [0, 0x41, ...signed(BigInt(address)), 0x0b, ...unsigned(constants.bytes.length)]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(functions.map(({ type }) => type))),
    ...section(2, list([[...name(''), ...name('memory'), 0x02, 0x00, ...unsigned(pages)]])),
    ...section(3, list(functions.map((_, number) => unsigned(number)))),
    ...section(7, list([[...name('take'), 0x00, ...unsigned(functions.length - 1)]])),
    ...section(10, list(code)),
    ...section(11, list([[...data, ...constants.bytes]])),
  ])
}
