import type { FindingCode } from '../findings/index.ts'
import type { Blocker } from './image.ts'

/** Collects what QEMU refuses, in the order in which QEMU looks; its first is what an operator gets to read. */
export class BlockerList {
  readonly #list: Blocker[] = []
  #closed = false

  get all(): readonly Blocker[] {
    return this.#list
  }

  /** @param message as QEMU 7.2 words it, measured with qemu-io */
  add(code: FindingCode, message: string, readable = false): void {
    if (!this.#closed) this.#list.push({ code, message, readable })
  }

  /** From here on nothing is known: a field that all that follows depends on can't be believed. */
  close(): void {
    this.#closed = true
  }
}
