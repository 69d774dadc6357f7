import type { LossPlace, LossReport } from './report.ts'

/** A report, where and when it was read. */
export interface TimedReport extends LossReport {
  /** Milliseconds of UTC. */
  readonly instant?: number
  /** Name of the file: the same report in two of them is one. */
  readonly source: string
}

/** What somebody says was lost in a span of time. */
export interface Claim {
  readonly place: LossPlace | 'dropped-logs'
  /** Undefined where dropping began and nobody said how much it came to. */
  readonly count?: number
  readonly from?: number
  readonly until?: number
  readonly pid?: number
  readonly program?: string
  readonly unit?: string
  readonly sources: readonly string[]
}

/** One file has seconds, another microseconds; a relay takes a moment. */
const SAME = 2500
/** rsyslog's and journald's intervals are 2 to 30 s as a rule: what is known where no begin was seen. */
const USUAL_INTERVAL = 30_000

/**
 * Reports to claims: those that several files hold count once, and the begin of a loss is joined with its number, which
 * rsyslog tells only with the next message of that sender that it takes.
 */
export function settleReports(reports: readonly TimedReport[]): Claim[] {
  const distinct = withoutCopies(reports)
  const begins = new Map<string, (TimedReport & { readonly sources: readonly string[] })[]>()
  const claims: Claim[] = []
  for (const report of distinct) {
    const sender = senderOf(report)
    const open = begins.get(sender) ?? []
    if (report.event === 'begin') begins.set(sender, [...open, report])
    else {
      const began = open[0]?.instant ?? startOf(report)
      claims.push(claimOf(report, { from: began, until: report.instant, count: report.count }))
      begins.delete(sender)
    }
  }
  for (const open of begins.values()) {
    const [first] = open
    if (first) claims.push(claimOf(first, { from: first.instant }))
  }
  return claims.sort((a, b) => (a.from ?? 0) - (b.from ?? 0))
}

function startOf({ instant, limit }: TimedReport): number | undefined {
  return instant === undefined ? undefined : instant - (limit ? limit.seconds * 1000 : USUAL_INTERVAL)
}

const senderOf = ({ place, pid, unit }: LossReport): string => `${place} ${pid ?? ''} ${unit ?? ''}`

type Settled = TimedReport & { readonly sources: readonly string[] }

function claimOf(
  { place, pid, program, unit, sources }: Settled,
  span: {
    readonly from?: number | undefined
    readonly until?: number | undefined
    readonly count?: number | undefined
  },
): Claim {
  const fields = { ...span, pid, program, unit }
  return {
    place,
    sources,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  }
}

/** In the order of time. Within one file nothing is taken for a copy. */
function withoutCopies(reports: readonly TimedReport[]): Settled[] {
  const kept: (Settled & { sources: string[] })[] = []
  const inOrder = [...reports].sort((a, b) => (a.instant ?? 0) - (b.instant ?? 0))
  for (const report of inOrder) {
    const same = kept.find(
      (other) =>
        !other.sources.includes(report.source) &&
        senderOf(other) === senderOf(report) &&
        other.event === report.event &&
        other.count === report.count &&
        Math.abs((other.instant ?? 0) - (report.instant ?? 0)) <= SAME,
    )
    if (same) same.sources.push(report.source)
    else kept.push({ ...report, sources: [report.source] })
  }
  return kept
}

/** journald names the unit; of a container's it names that of the runtime. What the kernel missed are its own messages. */
export function isHaproxys({ place, unit }: Claim): boolean {
  if (unit !== undefined) return /haproxy|docker|containerd|podman|kubelet/i.test(unit)
  return place !== 'kernel'
}
