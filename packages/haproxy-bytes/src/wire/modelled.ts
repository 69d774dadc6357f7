import type { WireSum, WireTotal } from '../model/index.ts'

export interface Modelled {
  readonly total: WireTotal
  /** What the total has beside its terms. */
  readonly rest: 'compression' | 'not-counted' | 'missing'
}

/** @param compOut `comp_out` of the same transfers, where counters have it: it tells what compression made of them */
export function modelled(sum: WireSum, compOut?: bigint): Modelled {
  const alone = sum.result()
  const isCompressed = alone.reasons.some(({ code }) => code === 'compressed')
  const total = isCompressed && compOut !== undefined ? sum.result({ compOut }) : alone
  // Transfers broken off may have less than their terms.
  return {
    total,
    rest: isCompressed ? 'compression' : total.requests.unknown > 0 ? 'not-counted' : 'missing',
  }
}

export interface Rest {
  readonly low: bigint
  readonly high?: bigint
  readonly value?: bigint
}

/** What a total has beside its terms; undefined: nothing. */
export function restOf({ total }: Modelled): Rest | undefined {
  const { terms } = total
  const sum = (of: (term: (typeof terms)[number]) => bigint | undefined): bigint =>
    terms.reduce((all, term) => all + (of(term) ?? term.low), 0n)
  const low = total.low - sum((term) => term.low)
  const high = total.high === undefined ? undefined : total.high - sum((term) => term.high)
  const value = total.value === undefined ? undefined : total.value - sum((term) => term.value)
  if (low === 0n && high === 0n) return undefined
  return {
    // No figure goes below 0, though its terms may.
    low: high !== undefined && high < low ? high : low,
    ...(high !== undefined && { high }),
    ...(value !== undefined && { value }),
  }
}
