import type { Assumption, AssumptionCode } from './figure.ts'

/** Different numbers of bytes that are told of one assumption. A format that doesn't tell has one for each length of an answer. */
const MOST = 64

/**
 * Requests of one assumption by how many bytes each may be off. Of more than `MOST` different numbers each stands for
 * those up to it: they are rounded up to powers of two. In what order they come changes nothing.
 */
export class AssumptionSum {
  readonly #code: AssumptionCode
  #requests = new Map<number, number>()
  #isCoarse = false

  constructor(code: AssumptionCode) {
    this.#code = code
  }

  add(bytes: number, requests: number): void {
    const at = this.#isCoarse ? coarse(bytes) : bytes
    this.#requests.set(at, (this.#requests.get(at) ?? 0) + requests)
    if (!this.#isCoarse && this.#requests.size > MOST) this.#coarsen()
  }

  merge(other: AssumptionSum): void {
    if (other.#isCoarse && !this.#isCoarse) this.#coarsen()
    for (const [bytes, requests] of other.#requests) this.add(bytes, requests)
  }

  *[Symbol.iterator](): Generator<Assumption> {
    for (const [bytes, requests] of this.#requests) yield { code: this.#code, bytes, requests }
  }

  #coarsen(): void {
    const fine = this.#requests
    this.#requests = new Map()
    this.#isCoarse = true
    for (const [bytes, requests] of fine) this.add(bytes, requests)
  }
}

function coarse(bytes: number): number {
  return bytes <= 1 ? bytes : 2 ** Math.ceil(Math.log2(bytes))
}
