import { type Delta, findCounters } from '../counters/index.ts'
import type { ByteFigure } from '../loss/index.ts'
import { modelled, tlsEstimate, type WireTotals } from '../wire/index.ts'
import type { ReconciledProxy } from './compared-proxies.ts'
import type { Tally } from './tally.ts'
import { type ToldLoss, type ToldLosses, toldOf } from './told-losses.ts'
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
  readonly tally: Tally
  readonly told: ToldLosses | undefined
  readonly tolerance: Tolerance
}

/** Holds what clients measured against the model of each frontend. */
export function frontendWires(input: WireInput): FrontendWire[] {
  const { truths, totals, proxies, delta, tally, told, tolerance } = input
  const { accounting } = totals.model
  return truths.map(({ frontend, bytesOut, bytesIn }): FrontendWire => {
    const group = totals.group([frontend])
    const proxy = proxies.find(({ name }) => name.service === 'FRONTEND' && name.proxy === frontend)
    const counters = delta?.comparable
      ? findCounters({ proxies: delta.proxies }, frontend, 'FRONTEND')
      : undefined
    // Where counters say what is missing, they say it exactly.
    const lost = proxy || !told ? undefined : toldOf(told, frontend, tally.share(frontend))
    const gap = (direction: 'out' | 'in', truth: bigint): WireGap =>
      wireGap(truth, {
        lines: group.requests,
        logged: direction === 'out' ? group.bytesOut : group.bytesIn,
        modelled: modelled(
          group.sums(accounting)[direction],
          direction === 'out' ? counters?.counts.comp_out : undefined,
        ),
        countersCauses: proxy?.[direction]?.causes ?? [],
        lostLines: proxy?.lostLines ?? lost?.lines ?? { low: 0 },
        told: lost && (direction === 'out' ? lost.bytes : sentBytes(lost, tally, frontend)),
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

/** What the clients of lost lines sent: as others did, and no more each than the largest of them. */
function sentBytes({ lines: { estimate, high } }: ToldLoss, tally: Tally, frontend: string): ByteFigure {
  const { lines, bytesIn, largestIn } = tally.sums({ service: 'FRONTEND', proxy: frontend }, {})
  const likely = lines === 0 ? 0 : Math.round((Number(bytesIn) / lines) * estimate)
  return {
    low: 0,
    estimate: likely,
    ...(high !== undefined && { high: Number(largestIn) * high }),
    kind: 'estimated',
  }
}
