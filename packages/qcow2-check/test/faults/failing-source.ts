import type { WritableSource } from '../../src/source/index.ts'

export type Step = 'write' | 'truncate' | 'flush'

export interface Fault {
  /** Which step fails, counted from 0. */
  readonly at: number
  readonly errno: 'EIO' | 'ENOSPC'
  /** Bytes of the failing write that still arrive: half of it, or none. */
  readonly torn?: boolean
  /** Every step after it fails too, so that nothing can be rolled back. */
  readonly forGood?: boolean
}

/** Passes steps on until one is to fail. */
export class FailingSource implements WritableSource {
  readonly steps: Step[] = []
  readonly #inner: WritableSource
  readonly #fault: Fault | undefined

  constructor(inner: WritableSource, fault?: Fault) {
    this.#inner = inner
    this.#fault = fault
  }

  get name(): string {
    return this.#inner.name
  }

  get size(): number {
    return this.#inner.size
  }

  read(target: Uint8Array, offset: number): number | Promise<number> {
    return this.#inner.read(target, offset)
  }

  write(bytes: Uint8Array, offset: number): void | Promise<void> {
    if (this.#fails('write')) {
      if (this.#fault?.torn) this.#inner.write(bytes.subarray(0, bytes.length / 2), offset)
      throw this.#error('write')
    }
    return this.#inner.write(bytes, offset)
  }

  truncate(size: number): void | Promise<void> {
    if (this.#fails('truncate')) throw this.#error('ftruncate')
    return this.#inner.truncate(size)
  }

  flush(): void | Promise<void> {
    if (this.#fails('flush')) throw this.#error('fdatasync')
    return this.#inner.flush()
  }

  #fails(step: Step): boolean {
    const at = this.steps.push(step) - 1
    if (this.#fault === undefined) return false
    return this.#fault.forGood ? at >= this.#fault.at : at === this.#fault.at
  }

  #error(syscall: string): Error {
    const code = this.#fault?.errno ?? 'EIO'
    const errno = code === 'EIO' ? -5 : -28
    return Object.assign(new Error(`${code}: made up, ${syscall}`), { code, errno, syscall })
  }
}
