import { COMPARE_CODE, WALK_CODE } from './kernel-code.ts'

/** What both modules export: the counters. */
interface CounterGlobals {
  readonly cells: { value: number }
  readonly cellShift: { value: number }
  readonly cellMask: { value: number }
  readonly full: { value: number }
}

/** What walk.wat exports. Addresses are bytes in its memory. */
export interface WalkExports extends CounterGlobals {
  readonly walk: (
    at: number,
    count: number,
    weight: number,
    active: number,
    rows: number,
    stride: number,
  ) => number
  readonly clusterBits: { value: number }
  readonly clusters: { value: number }
  readonly within: { value: number }
  readonly extended: { value: number }
  readonly log: { value: number }
  readonly logRoom: { value: number }
}

/** What compare.wat exports. */
export interface CompareExports extends CounterGlobals {
  readonly compareNarrow: (at: number, cluster: number, count: number) => number
  readonly compare: (at: number, cluster: number, count: number) => number
}

/** A kernel with its memory: what it counted at 0, then the log of overflows, tables, counters. */
export interface KernelRoom {
  readonly walk: WalkExports
  readonly compare: CompareExports
  readonly memory: ArrayBuffer
  readonly tables: number
  readonly counters: number
}

/** TypeScript's library for Node has no WebAssembly. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown }
}

const PAGE = 65_536
export const LOG_AT = 64
/** Overflows of 8 bytes; the last entry of a walk may add a few more than there is room for. */
export const LOG_ROOM = 8000

let modules: readonly object[] | undefined

/**
 * Starts a kernel; null where there is none: no WebAssembly (--jitless) or no SIMD, a processor of the other byte order,
 * or no memory. Pages that nothing is written to take none.
 */
export function startKernel(tableBytes: number, counterBytes: number): KernelRoom | null {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi }
  if (!api || new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) return null
  try {
    modules ??= [WALK_CODE, COMPARE_CODE].map((code) => new api.Module(Buffer.from(code, 'base64')))
    const tables = PAGE
    const counters = tables + tableBytes
    const pages = Math.ceil((counters + counterBytes) / PAGE) + 1
    const memory = new api.Memory({ initial: pages, maximum: pages })
    const [walk, compare] = modules.map((module) => new api.Instance(module, { '': { memory } }).exports)
    return {
      walk: walk as WalkExports,
      compare: compare as CompareExports,
      memory: memory.buffer,
      tables,
      counters,
    }
  } catch {
    return null
  }
}
