import { AssumptionSum } from './assumption-sum.ts'
import type { Assumption, AssumptionCode, TermCode, UnknownReason, WireFigure } from './figure.ts'
import { RangeSum, type RangeTotal } from './range-sum.ts'

/** Heads of compressed responses whose bodies only counters tell. */
interface Compressed {
  requests: number
  low: bigint
  high: bigint
}

export interface WireTotal extends RangeTotal {
  readonly terms: readonly (RangeTotal & { readonly code: TermCode })[]
  readonly assumes: readonly Assumption[]
  /** Of all: those broken off while data went. */
  readonly aborted: RangeTotal
  readonly reasons: readonly { readonly code: UnknownReason; readonly requests: number }[]
}

/** Sums figures of one direction. `merge` is associative and commutative. */
export class WireSum {
  readonly #others = new RangeSum()
  readonly #compressed = new RangeSum()
  readonly #heads: Compressed = { requests: 0, low: 0n, high: 0n }
  readonly #aborted = new RangeSum()
  readonly #terms = new Map<TermCode, RangeSum>()
  readonly #assumes = new Map<AssumptionCode, AssumptionSum>()
  readonly #reasons = new Map<UnknownReason, number>()

  add({ kind, value, low, high, head, aborted, terms, assumes, reason }: WireFigure): void {
    const range = head ? this.#compressed : this.#others
    range.add(kind, value, low, high)
    if (head) this.#addHeads({ requests: 1, low: BigInt(head.low), high: BigInt(head.high) })
    if (aborted) this.#aborted.add(kind, value, low, high)
    for (const term of terms) this.#term(term.code).add(term.kind, term.value, term.low, term.high)
    for (const { code, bytes, requests } of assumes) this.#assumed(code).add(bytes, requests)
    if (reason) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
  }

  merge(other: WireSum): void {
    this.#others.merge(other.#others)
    this.#compressed.merge(other.#compressed)
    this.#addHeads(other.#heads)
    this.#aborted.merge(other.#aborted)
    for (const [code, sum] of other.#terms) this.#term(code).merge(sum)
    for (const [code, sum] of other.#assumes) this.#assumed(code).merge(sum)
    for (const [reason, requests] of other.#reasons)
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + requests)
  }

  /** @param compOut `comp_out` of all responses in this sum: what the compression gave, by the counters */
  result({ compOut }: { readonly compOut?: bigint } = {}): WireTotal {
    const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1)
    const isResolved = compOut !== undefined && this.#heads.requests > 0
    const all = new RangeSum()
    all.merge(this.#others)
    if (isResolved) addResolved(all, this.#heads, compOut)
    else all.merge(this.#compressed)
    const known = isResolved ? this.#heads.requests : 0
    return {
      ...all.total(),
      terms: [...this.#terms].map(([code, sum]) => ({ code, ...sum.total() })).sort(byCode),
      assumes: [...this.#assumes.values()]
        .flatMap((sum) => [...sum])
        .sort((a, b) => (a.code === b.code ? a.bytes - b.bytes : byCode(a, b))),
      aborted: this.#aborted.total(),
      reasons: [...this.#reasons]
        .map(([code, requests]) => ({ code, requests: code === 'compressed' ? requests - known : requests }))
        .filter(({ requests }) => requests > 0)
        .sort(byCode),
    }
  }

  #addHeads({ requests, low, high }: Compressed): void {
    this.#heads.requests += requests
    this.#heads.low += low
    this.#heads.high += high
  }

  #term(code: TermCode): RangeSum {
    let sum = this.#terms.get(code)
    if (sum === undefined) {
      sum = new RangeSum()
      this.#terms.set(code, sum)
    }
    return sum
  }

  #assumed(code: AssumptionCode): AssumptionSum {
    let sum = this.#assumes.get(code)
    if (sum === undefined) {
      sum = new AssumptionSum(code)
      this.#assumes.set(code, sum)
    }
    return sum
  }
}

const USUAL_CHUNK = 2048n

/**
 * Compressed responses by the counters: heads, the compressed bodies, and their chunk framing. Each has at least one
 * chunk and the last one; at most every byte is a chunk of its own. Usually a buffer of input makes a chunk.
 */
function addResolved(to: RangeSum, { requests, low, high }: Compressed, compOut: bigint): void {
  const count = BigInt(requests)
  const [least, most] = [9n * count, 5n * compOut + 5n * count]
  const likely = 5n * count + 7n * (compOut / USUAL_CHUNK + count)
  const value = (low + high) / 2n + compOut + (likely < most ? likely : most)
  to.addBounded(requests, value, low + compOut + least, high + compOut + most)
}
