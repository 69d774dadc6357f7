import type { WireKind } from './figure.ts'

export type Kinds = Record<WireKind, number>
const KINDS: readonly WireKind[] = ['exact', 'bounded', 'estimated', 'unknown']

/** The worst that occurs; a sum is as good as its worst part. */
export function kindOf(kinds: Readonly<Kinds>): WireKind {
  if (kinds.unknown > 0) return 'unknown'
  if (kinds.estimated > 0) return 'estimated'
  return kinds.bounded > 0 ? 'bounded' : 'exact'
}

export interface RangeTotal {
  readonly kind: WireKind
  /** How many there are of each kind. */
  readonly requests: Readonly<Kinds>
  /** Not there where one of them has none. */
  readonly value?: bigint
  readonly low: bigint
  readonly high?: bigint
}

/** Half of what a number holds exactly, and half of that again: so one more can always be added. */
const MOST = 2 ** 51

/** Bytes, exact at any size: a number as long as it is one, as a sum of bigints costs ten times as much. */
class ByteSum {
  #near = 0
  #far = 0n

  add(bytes: number): void {
    if (bytes > MOST || bytes < -MOST) this.#far += BigInt(bytes)
    else {
      this.#near += bytes
      if (this.#near > MOST || this.#near < -MOST) {
        this.#far += BigInt(this.#near)
        this.#near = 0
      }
    }
  }

  addAll(bytes: bigint): void {
    this.#far += bytes
  }

  get total(): bigint {
    return this.#far + BigInt(this.#near)
  }
}

/** A range summed over transfers. */
export class RangeSum {
  readonly kinds: Kinds = { exact: 0, bounded: 0, estimated: 0, unknown: 0 }
  readonly #value = new ByteSum()
  readonly #low = new ByteSum()
  readonly #high = new ByteSum()
  /** Without a value, and without a high. */
  #valueless = 0
  #unlimited = 0

  add(kind: WireKind, value: number | undefined, low: number, high: number | undefined): void {
    this.kinds[kind]++
    this.#value.add(value ?? low)
    this.#low.add(low)
    this.#high.add(high ?? low)
    if (value === undefined) this.#valueless++
    if (high === undefined) this.#unlimited++
  }

  /** Several at once, all bounded. */
  addBounded(requests: number, value: bigint, low: bigint, high: bigint): void {
    this.kinds.bounded += requests
    this.#value.addAll(value)
    this.#low.addAll(low)
    this.#high.addAll(high)
  }

  merge(other: RangeSum): void {
    for (const kind of KINDS) this.kinds[kind] += other.kinds[kind]
    this.#value.addAll(other.#value.total)
    this.#low.addAll(other.#low.total)
    this.#high.addAll(other.#high.total)
    this.#valueless += other.#valueless
    this.#unlimited += other.#unlimited
  }

  total(): RangeTotal {
    return {
      kind: kindOf(this.kinds),
      requests: { ...this.kinds },
      low: this.#low.total,
      ...(this.#valueless === 0 && { value: this.#value.total }),
      ...(this.#unlimited === 0 && { high: this.#high.total }),
    }
  }
}
