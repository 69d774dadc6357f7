import { type Delta, findCounters } from '../counters/index.ts'
import { modelled, tlsEstimate, type WireTotals } from '../wire/index.ts'
import type { ReconciledProxy } from './compared-proxies.ts'
import { isTolerated, type Tolerance } from './tolerance.ts'
import { type WireGap, wireGap } from './wire-gap.ts'
import type { WireTruth } from './wire-truth.ts'

/** One frontend by what its clients measured. */
export interface FrontendWire {
  readonly frontend: string
  readonly lines: number
  readonly out: WireGap
  readonly in?: WireGap
  readonly closed: boolean
}

interface WireInput {
  readonly truths: readonly WireTruth[]
  readonly totals: WireTotals
  readonly proxies: readonly ReconciledProxy[]
  readonly delta: Delta | undefined
  readonly tolerance: Tolerance
}

/** Holds what clients measured against the model of each frontend. */
export function frontendWires({ truths, totals, proxies, delta, tolerance }: WireInput): FrontendWire[] {
  const { accounting } = totals.model
  return truths.map(({ frontend, bytesOut, bytesIn }): FrontendWire => {
    const group = totals.group([frontend])
    const proxy = proxies.find(({ name }) => name.service === 'FRONTEND' && name.proxy === frontend)
    const counters = delta?.comparable
      ? findCounters({ proxies: delta.proxies }, frontend, 'FRONTEND')
      : undefined
    const gap = (direction: 'out' | 'in', truth: bigint): WireGap =>
      wireGap(truth, {
        logged: direction === 'out' ? group.bytesOut : group.bytesIn,
        modelled: modelled(
          group.sums(accounting)[direction],
          direction === 'out' ? counters?.counts.comp_out : undefined,
        ),
        countersCauses: proxy?.[direction]?.causes ?? [],
        lostLines: proxy?.lostLines ?? { low: 0 },
        tls: tlsEstimate(direction, group.tls),
      })
    const out = gap('out', bytesOut)
    // What the client sent is in no format that HAProxy has by name: nothing to hold it against.
    const isLogged = group.requests === 0 || group.withoutBytesIn < group.requests
    const sent = bytesIn === undefined || !isLogged ? undefined : gap('in', bytesIn)
    const isClosed = ({ distance, truth }: WireGap): boolean =>
      distance !== undefined && isTolerated(distance, tolerance, truth)
    return {
      frontend,
      lines: group.requests,
      out,
      ...(sent && { in: sent }),
      closed: isClosed(out) && (sent === undefined || isClosed(sent)),
    }
  })
}
