import type { LogFormat } from '../log-format/index.ts'
import { isAborted } from '../transfer/index.ts'
import { readingOrder } from '../transfer/line-reader.ts'
import { rivalOf } from './exclusions.ts'
import { BROKEN, CELL, CONSTANTS, HANDED, INPUT, MOST_HANDED, RECORDS, TAIL } from './layout.ts'
import { type Asked, type Program, programOf } from './program.ts'
import { type Candidate, takeFunctions } from './take-code.ts'
import { wasmModule } from './wasm-module.ts'
import { PAGE, type WasmMemory, type WebAssemblyApi, webAssembly } from './web-assembly.ts'

/** A gigabyte: what a hash table of ten million keys takes. */
const MOST_PAGES = 16_384

type Take = (from: number, to: number) => number

export interface KernelSettings extends Asked {
  readonly span?: { readonly since: number; readonly until: number }
  /** Milliseconds that groups of time are made of. */
  readonly unit: number
}

/**
 * The kernel: WebAssembly that is written for the formats at hand. It takes whole lines that one of them fits, without
 * any doubt, and hands over all others.
 */
export class Kernel {
  readonly memory: WasmMemory
  readonly settings: KernelSettings
  readonly #api: WebAssemblyApi
  readonly #formats: readonly LogFormat[]
  readonly #programs: readonly (Program | undefined)[]
  readonly #candidates = new Map<number, Candidate | undefined>()
  #take: Take = (from) => from

  private constructor(api: WebAssemblyApi, formats: readonly LogFormat[], settings: KernelSettings) {
    this.#api = api
    this.settings = settings
    this.#formats = formats
    this.#programs = formats.map((format) => programOf(format, settings))
    this.memory = new api.Memory({ initial: Math.ceil(RECORDS / PAGE), maximum: MOST_PAGES })
    this.#writeConstants()
  }

  /** Undefined where there is no WebAssembly with SIMD, or no format that it takes. */
  static for(formats: readonly LogFormat[], settings: KernelSettings): Kernel | undefined {
    const api = webAssembly()
    const kernel = api && new Kernel(api, formats, settings)
    if (!kernel || !formats.some((_, number) => kernel.takes(number))) return undefined
    return api.validate(kernel.#code([])) ? kernel : undefined
  }

  takes(format: number): boolean {
    return this.#candidate(format) !== undefined
  }

  /** Whether quotes of a line show which format it has: then none may stand where they aren't counted. */
  get countsQuotes(): boolean {
    return this.#formats.length > 1
  }

  hasBytesIn(format: number): boolean {
    return this.#programs[format]?.bytesIn !== undefined
  }

  /** From now on takes lines of these formats, in this order. */
  compile(formats: readonly number[]): void {
    const { Module, Instance } = this.#api
    const instance = new Instance(new Module(this.#code(formats)), { '': { memory: this.memory } })
    this.#take = (instance.exports as { readonly take: Take }).take
  }

  /** Takes lines between two addresses; gives the address of the first that it didn't look at. */
  take(from: number, to: number): number {
    return this.#take(from, to)
  }

  /** Begin and end of each line that was handed over since the last time. */
  *handed(): Generator<readonly [from: number, to: number]> {
    const cells = new DataView(this.memory.buffer)
    const count = cells.getUint32(CELL.handed, true)
    cells.setUint32(CELL.handed, 0, true)
    cells.setUint32(CELL.stop, 0, true)
    for (let at = HANDED; at < HANDED + 8 * count; at += 8)
      yield [cells.getUint32(at, true), cells.getUint32(at + 4, true)]
  }

  /** How many lines are handed over together. */
  set patience(lines: number) {
    new DataView(this.memory.buffer).setUint32(CELL.handedLimit, Math.min(lines, MOST_HANDED), true)
  }

  #code(formats: readonly number[]): Uint8Array {
    const candidates = formats.flatMap((format) => this.#candidate(format) ?? [])
    const { sources, time, unit, span } = this.settings
    const functions = takeFunctions(candidates, {
      sources,
      time,
      unit,
      span: span !== undefined,
      countQuotes: this.countsQuotes,
    })
    return wasmModule(functions, INPUT / PAGE, CONSTANTS)
  }

  #candidate(number: number): Candidate | undefined {
    if (!this.#candidates.has(number)) this.#candidates.set(number, this.#candidateOf(number))
    return this.#candidates.get(number)
  }

  /** Undefined where a format that comes before it could have its lines as well. */
  #candidateOf(number: number): Candidate | undefined {
    const program = this.#programs[number]
    if (!program) return undefined
    const order = readingOrder(this.#formats)
    const before = order.slice(0, order.indexOf(number)).map((one) => this.#formats[one] as LogFormat)
    const rivals = before.map((format) => rivalOf(program, format))
    return rivals.includes(undefined)
      ? undefined
      : { number, program, rivals: rivals.filter((rival) => rival !== undefined) }
  }

  #writeConstants(): void {
    const bytes = new Uint8Array(this.memory.buffer)
    bytes.fill(255, TAIL, TAIL + 16)
    for (let letter = 0; letter < 256; letter++)
      bytes[BROKEN + letter] = isAborted(`${String.fromCharCode(letter)}D`) ? 1 : 0
    const cells = new DataView(this.memory.buffer)
    const { since = 0, until = 0 } = this.settings.span ?? {}
    cells.setBigInt64(CELL.since, limited(since), true)
    cells.setBigInt64(CELL.until, limited(until), true)
  }
}

const limited = (instant: number): bigint => BigInt(Math.ceil(Math.min(Math.max(instant, -8.64e15), 8.64e15)))
