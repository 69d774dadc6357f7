import { HOST_LITTLE_ENDIAN } from '../../format/architecture.ts'
import { KERNEL_CODE } from './kernel-code.ts'

/** What kernel.wat exports. Addresses are bytes in its memory, counts are cells. */
interface Exports {
  readonly unknown: (at: number, count: number) => number
  readonly fill: (at: number, from: number, count: number) => number
}

/** The loops over cells as WebAssembly, which can only reach its own memory. */
export interface Kernel extends Exports {
  readonly memory: ArrayBuffer
  /** Places of the first and last cell that the latest `fill` filled. */
  readonly seen: Int32Array
}

/**
 * Room for the images of a thread's pairs (see file/image-slot.ts); larger ones lie elsewhere and are merged by JavaScript.
 * Pages that no image was read into take no memory.
 */
const ROOM = 24 * 2 ** 20

const PAGE = 65_536

/** TypeScript's library for Node has no WebAssembly. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown }
}

let known: Kernel | null | undefined

/** The thread's kernel; null where there is none: no SIMD, no WebAssembly (--jitless), or doubles of the other byte order. */
export function kernel(): Kernel | null {
  if (known === undefined) known = HOST_LITTLE_ENDIAN ? start() : null
  return known
}

function start(): Kernel | null {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi }
  if (!api) return null
  try {
    const pages = (PAGE + ROOM) / PAGE
    const memory = new api.Memory({ initial: pages, maximum: pages })
    const instance = new api.Instance(new api.Module(Buffer.from(KERNEL_CODE, 'base64')), { '': { memory } })
    const { buffer } = memory
    return { ...(instance.exports as Exports), memory: buffer, seen: new Int32Array(buffer, 0, 2) }
  } catch {
    return null
  }
}
