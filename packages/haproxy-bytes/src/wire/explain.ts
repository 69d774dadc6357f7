import { type Delta, findCounters } from '../counters/index.ts'
import { type Version, type WireTotal, wireCounters } from '../model/index.ts'
import { modelled } from './modelled.ts'
import { tlsEstimate } from './tls-estimate.ts'
import { type PairEdits, type Step, waterfall } from './waterfall.ts'
import type { WireGroup } from './wire-group.ts'
import type { WireTotals } from './wire-totals.ts'

/** One direction of a frontend, or of all. */
export interface ExplainedDirection {
  readonly wire: WireTotal
  readonly waterfall: readonly Step[]
  /** HAProxy's own count of bytes on sockets (`h1_bytes_out`, `h1_bytes_in`), where it is true. */
  readonly counted?: bigint
}

export interface Explained {
  readonly frontend: string | null
  readonly requests: number
  readonly out: ExplainedDirection
  /** Not there where no line has %U. */
  readonly in?: ExplainedDirection
}

export interface Explanation {
  readonly frontends: readonly Explained[]
  readonly totals: Explained
  /** Whether h1_bytes_* are bytes on sockets; undefined: there are no counters. */
  readonly wireCounters?: 'absent' | 'wire' | 'doubled'
}

export interface ExplainSettings {
  readonly totals: WireTotals
  /** Counted while these lines were written: what compression gave, and bytes on sockets. */
  readonly delta?: Delta | undefined
  /** Of the process that counted. */
  readonly version?: Version | undefined
  /** `tune.disable-zero-copy-forwarding` */
  readonly zeroCopyDisabled?: boolean
}

/** The key of a group: what rules do depends on both proxies. */
export const pairKey = (frontend: string | undefined, backend: string | undefined): string =>
  JSON.stringify([frontend ?? null, backend ?? null])

/** Makes waterfalls of figures that were summed by `pairKey`. */
export function explain(settings: ExplainSettings): Explanation {
  const { totals, delta, version, zeroCopyDisabled } = settings
  const counters = delta && (version ? wireCounters(version, zeroCopyDisabled) : 'absent')
  const pairs = totals.names().map((name) => {
    const [frontend, backend] = JSON.parse(name) as [string | null, string | null]
    return { name, frontend, backend }
  })
  const frontends = [...new Set(pairs.map(({ frontend }) => frontend))].sort((a, b) =>
    (a ?? '') < (b ?? '') ? -1 : 1,
  )
  const of = (frontend: string | null, own: typeof pairs, counted: readonly (string | null)[]): Explained => {
    const group = totals.group(own.map(({ name }) => name))
    const edits = (direction: 'out' | 'in') =>
      own.map(({ name, ...pair }) => pairEdits(settings, direction, totals.group([name]), pair))
    const count = (column: 'comp_out' | 'h1_bytes_out' | 'h1_bytes_in'): bigint | undefined =>
      delta?.comparable
        ? summed(
            counted.map(
              (proxy) => findCounters({ proxies: delta.proxies }, proxy ?? '', 'FRONTEND')?.counts[column],
            ),
          )
        : undefined
    const direction = (name: 'out' | 'in'): ExplainedDirection => {
      const figures = modelled(
        group.sums(totals.model.accounting)[name],
        name === 'out' ? count('comp_out') : undefined,
      )
      const bytes = counters === 'wire' ? count(name === 'out' ? 'h1_bytes_out' : 'h1_bytes_in') : undefined
      return {
        wire: figures.total,
        waterfall: waterfall(figures, edits(name), tlsEstimate(name, group.tls)),
        ...(bytes !== undefined && { counted: bytes }),
      }
    }
    const hasBytesIn = group.requests === 0 || group.withoutBytesIn < group.requests
    return {
      frontend,
      requests: group.requests,
      out: direction('out'),
      ...(hasBytesIn && { in: direction('in') }),
    }
  }
  return {
    frontends: frontends.map((frontend) =>
      of(
        frontend,
        pairs.filter((pair) => pair.frontend === frontend),
        [frontend],
      ),
    ),
    totals: of(null, pairs, frontends),
    ...(counters && { wireCounters: counters }),
  }
}

function pairEdits(
  { totals }: ExplainSettings,
  direction: 'out' | 'in',
  group: WireGroup,
  { frontend, backend }: { readonly frontend: string | null; readonly backend: string | null },
): PairEdits {
  const { editParts } = totals.facts({
    ...(frontend !== null && { frontend }),
    ...(backend !== null && { backend }),
  })
  return {
    parts: editParts,
    total: group.sums(totals.model.accounting)[direction].result(),
    served: group.served,
    cookies: group.cookies,
  }
}

/** Undefined where one of them isn't known: part of a sum would pass for all of it. */
function summed(counts: readonly (bigint | undefined)[]): bigint | undefined {
  let sum = 0n
  for (const count of counts) {
    if (count === undefined) return undefined
    sum += count
  }
  return counts.length === 0 ? undefined : sum
}
