import type {
  Assumption,
  AssumptionCode,
  TermCode,
  UnknownReason,
  WireFigure,
  WireKind,
  WireTerm,
} from './figure.ts'

/** A range summed over transfers. Bytes are exact at any size. */
interface Range {
  value: bigint
  low: bigint
  high: bigint
  /** Transfers without a value, and without a high. */
  valueless: number
  unlimited: number
}

const noRange = (): Range => ({ value: 0n, low: 0n, high: 0n, valueless: 0, unlimited: 0 })

function addRange(to: Range, from: Range): void {
  to.value += from.value
  to.low += from.low
  to.high += from.high
  to.valueless += from.valueless
  to.unlimited += from.unlimited
}

const rangeOf = ({ value, low, high }: Pick<WireTerm, 'value' | 'low' | 'high'>): Range => ({
  value: BigInt(value ?? low),
  low: BigInt(low),
  high: BigInt(high ?? low),
  valueless: value === undefined ? 1 : 0,
  unlimited: high === undefined ? 1 : 0,
})

type Kinds = Record<WireKind, number>
const noKinds = (): Kinds => ({ exact: 0, bounded: 0, estimated: 0, unknown: 0 })

function addKinds(to: Kinds, from: Kinds): void {
  for (const kind of Object.keys(to) as WireKind[]) to[kind] += from[kind]
}

/** The worst that occurs; a sum is as good as its worst part. */
export function kindOf(kinds: Kinds): WireKind {
  const worst = (['unknown', 'estimated', 'bounded'] as const).find((kind) => kinds[kind] > 0)
  return worst ?? 'exact'
}

interface Part extends Range {
  readonly kinds: Kinds
}

const newPart = (): Part => ({ ...noRange(), kinds: noKinds() })

function addPart(to: Part, from: Part): void {
  addRange(to, from)
  addKinds(to.kinds, from.kinds)
}

const combined = (...parts: readonly Part[]): Part => {
  const sum = newPart()
  for (const part of parts) addPart(sum, part)
  return sum
}

/** Heads of compressed responses whose bodies only counters tell. */
interface Compressed {
  requests: number
  low: bigint
  high: bigint
}

/** Sums figures of one direction. `merge` is associative and commutative. */
export class WireSum {
  readonly #others: Part = newPart()
  readonly #compressed: Part = newPart()
  readonly #heads: Compressed = { requests: 0, low: 0n, high: 0n }
  readonly #aborted: Part = newPart()
  readonly #terms = new Map<TermCode, Part>()
  readonly #assumes = new Map<string, { code: AssumptionCode; bytes: number; requests: number }>()
  readonly #reasons = new Map<UnknownReason, number>()

  add(figure: WireFigure): void {
    const part: Part = { ...rangeOf(figure), kinds: { ...noKinds(), [figure.kind]: 1 } }
    addPart(figure.head ? this.#compressed : this.#others, part)
    if (figure.head)
      this.#addHeads({ requests: 1, low: BigInt(figure.head.low), high: BigInt(figure.head.high) })
    if (figure.aborted) addPart(this.#aborted, part)
    for (const term of figure.terms)
      addPart(this.#term(term.code), { ...rangeOf(term), kinds: { ...noKinds(), [term.kind]: 1 } })
    for (const assumption of figure.assumes) this.#assume(assumption)
    if (figure.reason) this.#reasons.set(figure.reason, (this.#reasons.get(figure.reason) ?? 0) + 1)
  }

  merge(other: WireSum): void {
    addPart(this.#others, other.#others)
    addPart(this.#compressed, other.#compressed)
    this.#addHeads(other.#heads)
    addPart(this.#aborted, other.#aborted)
    for (const [code, part] of other.#terms) addPart(this.#term(code), part)
    for (const assumption of other.#assumes.values()) this.#assume(assumption)
    for (const [reason, requests] of other.#reasons)
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + requests)
  }

  /** @param compOut `comp_out` of all responses in this sum: what the compression gave, by the counters */
  result({ compOut }: { readonly compOut?: bigint } = {}): WireTotal {
    const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1)
    const isResolved = compOut !== undefined && this.#heads.requests > 0
    const compressed = isResolved ? resolved(this.#heads, compOut) : this.#compressed
    const reasons = [...this.#reasons].map(([code, requests]) => ({ code, requests }))
    return {
      ...totalOf(combined(this.#others, compressed)),
      terms: [...this.#terms].map(([code, part]) => ({ code, ...totalOf(part) })).sort(byCode),
      assumes: [...this.#assumes.values()]
        .map((one) => ({ ...one }))
        .sort((a, b) => byCode(a, b) || a.bytes - b.bytes),
      aborted: totalOf(this.#aborted),
      reasons: reasons
        .map(({ code, requests }) =>
          code === 'compressed' && isResolved
            ? { code, requests: requests - this.#heads.requests }
            : { code, requests },
        )
        .filter(({ requests }) => requests > 0)
        .sort(byCode),
    }
  }

  #addHeads({ requests, low, high }: Compressed): void {
    this.#heads.requests += requests
    this.#heads.low += low
    this.#heads.high += high
  }

  #term(code: TermCode): Part {
    let part = this.#terms.get(code)
    if (part === undefined) {
      part = newPart()
      this.#terms.set(code, part)
    }
    return part
  }

  #assume({ code, bytes, requests }: Assumption): void {
    const key = `${code} ${bytes}`
    const known = this.#assumes.get(key)
    if (known) known.requests += requests
    else this.#assumes.set(key, { code, bytes, requests })
  }
}

/**
 * Compressed responses by the counters: heads, the compressed bodies, and their chunk framing. Each has at least one
 * chunk and the last one; at most every byte is a chunk of its own. Usually a buffer of input makes a chunk.
 */
function resolved({ requests, low, high }: Compressed, compOut: bigint): Part {
  const count = BigInt(requests)
  const [least, most] = [9n * count, 5n * compOut + 5n * count]
  const likely = 5n * count + 7n * (compOut / USUAL_CHUNK + count)
  const value = (low + high) / 2n + compOut + (likely < most ? likely : most)
  const kinds = { ...noKinds(), bounded: requests }
  return { value, low: low + compOut + least, high: high + compOut + most, valueless: 0, unlimited: 0, kinds }
}
const USUAL_CHUNK = 2048n

export interface RangeTotal {
  readonly kind: WireKind
  /** How many there are of each kind. */
  readonly requests: Readonly<Kinds>
  /** Not there where one of them has none. */
  readonly value?: bigint
  readonly low: bigint
  readonly high?: bigint
}

export interface WireTotal extends RangeTotal {
  readonly terms: readonly (RangeTotal & { readonly code: TermCode })[]
  readonly assumes: readonly Assumption[]
  /** Of all: those broken off while data went. */
  readonly aborted: RangeTotal
  readonly reasons: readonly { readonly code: UnknownReason; readonly requests: number }[]
}

function totalOf(part: Part): RangeTotal {
  return {
    kind: kindOf(part.kinds),
    requests: { ...part.kinds },
    low: part.low,
    ...(part.valueless === 0 && { value: part.value }),
    ...(part.unlimited === 0 && { high: part.high }),
  }
}
