import type { ProxyCounters } from '../counters/index.ts'
import type { OpenEntry } from './claims-against.ts'
import type { LineSums, LossCollector } from './collector.ts'
import { addRanges, exactly, type Range } from './range.ts'

/** One frontend: what HAProxy counted against what the lines say. */
export interface FrontendDelta {
  readonly frontend: string
  /** Requests (of tcp: sessions) beyond the lines: so many are missing at most. */
  readonly requests: number
  /** Bytes beyond those of the lines; undefined where lines were logged before their end. */
  readonly bytes?: Range
}

/** Undefined without comparable counters. */
export function frontendDeltas(logs: LossCollector): FrontendDelta[] | undefined {
  const { counters } = logs
  if (!counters?.comparable) return undefined
  // The stats socket itself is a frontend of which nothing is logged.
  const counted = counters.proxies.filter(
    ({ service, proxy }) => service === 'FRONTEND' && proxy !== 'GLOBAL',
  )
  const deltas = counted.map((one) => deltaOf(one, logs.countedLines(one.proxy)))
  const nameless = logs.countedLines('')
  if (!logs.frontends.has('') || !nameless) return deltas
  // The format has no frontend: all of them together are held against all lines.
  const whole = counted.reduce(
    (sum, one) => ({ requests: sum.requests + requestsOf(one), bout: sum.bout + (one.counts.bout ?? 0n) }),
    { requests: 0, bout: 0n },
  )
  const named = deltas.map(({ frontend }) => logs.countedLines(frontend)).filter((sums) => sums !== undefined)
  const lines = [nameless, ...named].reduce((sum, one) => ({
    lines: sum.lines + one.lines,
    bytesOut: sum.bytesOut + one.bytesOut,
    partial: sum.partial + one.partial,
  }))
  return [difference('', whole.requests, whole.bout, lines)]
}

function deltaOf(one: ProxyCounters, lines: LineSums | undefined): FrontendDelta {
  const delta = difference(one.proxy, requestsOf(one), one.counts.bout, lines)
  if (lines !== undefined && lines.lines > 0) return delta
  // A frontend of which there is no line at all is one that isn't logged, as a rule.
  const { high = 0 } = delta.bytes ?? {}
  return { ...delta, bytes: { low: 0, estimate: 0, high } }
}

function difference(
  frontend: string,
  requests: number,
  bout: bigint | undefined,
  lines: LineSums | undefined,
): FrontendDelta {
  const missing = bout === undefined || lines?.partial ? undefined : bout - (lines?.bytesOut ?? 0n)
  return {
    frontend,
    requests: Math.max(0, requests - (lines?.lines ?? 0)),
    ...(missing !== undefined && { bytes: exactly(Number(missing < 0n ? 0n : missing)) }),
  }
}

/** %B is summed when a transfer ends, as the line is written. HTTP counts requests, and bad ones beside. */
function requestsOf({ mode, counts }: ProxyCounters): number {
  const isHttp = mode === 'http' || (mode === undefined && (counts.req_tot ?? 0n) > 0n)
  return Number((isHttp ? counts.req_tot : counts.stot) ?? 0n)
}

const atMost = ({ lines: { estimate, high = estimate } }: OpenEntry): Range => exactly(high)

/** What counters show beyond what others told. */
export function countersEntries(
  deltas: readonly FrontendDelta[],
  known: readonly OpenEntry[],
  { neighbours, unread }: LossCollector,
): OpenEntry[] {
  // Losses of which nobody says which frontend they hit are taken from all of them.
  let shared = addRanges(known.filter(({ frontend }) => frontend === undefined).map(atMost)).estimate
  // A line that arrived and can't be read is no lost one, unless %lc has counted it so already.
  if (!known.some(({ reasons }) => reasons.includes('unread'))) shared += unread
  return deltas.flatMap(({ frontend, requests, bytes }): OpenEntry[] => {
    const own = addRanges(known.filter((entry) => entry.frontend === frontend).map(atMost)).estimate
    let rest = Math.max(0, requests - own)
    const taken = Math.min(shared, rest)
    shared -= taken
    rest -= taken
    for (const entry of known)
      if (entry.frontend === frontend && requests > 0)
        entry.seenBy.push({ evidence: 'counters', lines: requests })
    if (rest === 0) return []
    const nothingElse = own === 0 && taken === 0
    const missing = bytes?.estimate ?? 0
    const sample = neighbours.around(0, 0, 1000, { frontend })
    const mean = sample.length === 0 ? 0 : sample.reduce((sum, one) => sum + one, 0) / sample.length
    const likely = missing === 0 ? 0 : mean === 0 ? rest : Math.round(missing / mean) - own - taken
    // Bytes without a line, and no other loss that they could belong to: one line at least.
    const low = missing > 0 && nothingElse ? 1 : 0
    return [
      {
        evidence: 'counters',
        frontend,
        lines: { low, estimate: Math.max(low, Math.min(rest, likely)), high: rest },
        reasons: ['unlogged'],
        seenBy: [],
        untold: 0,
      },
    ]
  })
}

/** Where dropping began and nobody said how much it came to, no more can be lost than was asked for. */
export function boundedByRequests(
  entries: readonly OpenEntry[],
  deltas: readonly FrontendDelta[],
): OpenEntry[] {
  return entries.map((entry) => {
    if (entry.lines.high !== undefined) return entry
    const of = ({ frontend }: { readonly frontend?: string }): boolean =>
      entry.frontend === undefined || frontend === entry.frontend
    const requests = deltas.filter(of).reduce((sum, one) => sum + one.requests, 0)
    const others = entries
      .filter((other) => other !== entry && of(other))
      .reduce((sum, { lines }) => sum + lines.low, 0)
    const high = Math.max(entry.lines.low, requests - others)
    return { ...entry, lines: { low: entry.lines.low, estimate: Math.min(entry.lines.estimate, high), high } }
  })
}
