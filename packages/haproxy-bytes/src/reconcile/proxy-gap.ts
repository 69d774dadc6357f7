import type { ProxyCounters } from '../counters/index.ts'
import { shareOut } from '../wire/index.ts'
import type { Candidate, Cause } from './cause.ts'
import type { LogSettings } from './log-settings.ts'
import type { LoggedSums } from './logged-sums.ts'
import type { ProxyName } from './tally.ts'
import type { ToldLoss } from './told-losses.ts'

/** Bytes of one direction. `gap` is `counted` less `logged`: above 0 where the log has less. */
export interface DirectionGap {
  readonly logged: bigint
  readonly counted: bigint
  readonly gap: bigint
  /** They add up to the gap. */
  readonly causes: readonly Cause[]
}

/** How many lines never arrived. */
export interface LostLines {
  readonly low: number
  /** Not there where nothing limits it. */
  readonly high?: number
}

export interface ProxyGap {
  readonly name: ProxyName
  /** `no-counters`: the snapshots don't have it; `no-lines`: counted, and not a line of it in these logs. */
  readonly state: 'compared' | 'no-counters' | 'no-lines'
  readonly lines: number
  /** `req_tot`, or sessions where it is no HTTP. */
  readonly requests?: bigint
  readonly out: DirectionGap
  /** Not there where lines don't have %U. */
  readonly in?: DirectionGap
  readonly lostLines: LostLines
}

/** What is known of a proxy beside its sums. */
export interface ProxyEvidence {
  readonly name: ProxyName
  readonly logged: LoggedSums
  /** Lines just around the two snapshots: those that were left out, and those that were taken. */
  readonly excluded: LoggedSums
  readonly included: LoggedSums
  /** Lines of other processes than the one that was counted. */
  readonly ofOthers: LoggedSums
  readonly counted: ProxyCounters | undefined
  /** Open at the earlier snapshot. */
  readonly openBefore: number
  /** Lines of all proxies that were cut off or could not be read. */
  readonly unread: number
  readonly counterGaps: { readonly missing: number; readonly repeated: number } | undefined
  /** What others than counters tell of lost lines; undefined: nothing. */
  readonly told?: ToldLoss | undefined
  /** Of a configuration; undefined: there is none. */
  readonly settings: LogSettings | undefined
}

/** A reply to monitor-uri: 150 bytes in the inner form when all is well, 217 or a file of its own when not. */
const MONITOR_OUT = { low: 50n, likely: 150n, high: 300n }
/** `GET / HTTP/1.0` without a header at least; headers fit in a buffer. */
const MONITOR_IN = { low: 30n, likely: 80n, high: 16_384n }

/** Holds the lines of a proxy against its counters. */
export function proxyGap(evidence: ProxyEvidence): ProxyGap {
  const { name, logged, counted } = evidence
  const counts = counted?.counts ?? {}
  const requests = requestsOf(counted)
  const evidenceOf = lineEvidence(evidence, requests)
  const direction = (isOut: boolean): DirectionGap => {
    const sum = isOut ? logged.bytesOut : logged.bytesIn
    const count = (isOut ? counts.bout : counts.bin) ?? 0n
    const gap = count - sum
    const candidates = gap > 0n ? missing(evidence, evidenceOf, isOut) : surplus(evidence, isOut)
    return { logged: sum, counted: count, gap, causes: gap === 0n ? [] : shareOut(gap, candidates) }
  }
  const out = direction(true)
  const isBytesInKnown = logged.withoutBytesIn === 0 && counts.bin !== undefined
  return {
    name,
    state: counts.bout === undefined ? 'no-counters' : logged.lines === 0 ? 'no-lines' : 'compared',
    lines: logged.lines,
    ...(requests !== undefined && { requests }),
    out,
    ...(isBytesInKnown && { in: direction(false) }),
    lostLines: lostLines(evidence, evidenceOf, out),
  }
}

function requestsOf(counted: ProxyCounters | undefined): bigint | undefined {
  const { stot, req_tot: requests } = counted?.counts ?? {}
  if (counted?.mode === 'tcp') return stot
  if (counted?.mode === 'http') return requests
  return requests === undefined || requests === 0n ? stot : requests
}

interface LineEvidence {
  /** Answers to monitor-uri, at most. */
  readonly monitors: number
  /** Requests without a line that monitors don't explain; undefined: not known. */
  readonly without: number | undefined
}

function lineEvidence(
  { logged, counted, settings, name }: ProxyEvidence,
  requests: bigint | undefined,
): LineEvidence {
  const lines = logged.lines
  const surplus =
    requests === undefined || name.service === 'BACKEND' ? undefined : Math.max(0, Number(requests) - lines)
  const intercepted = Number(counted?.counts.intercepted ?? 0n) - logged.intercepted
  const isPossible = settings === undefined || settings.monitor
  const monitors = isPossible ? Math.max(0, Math.min(intercepted, surplus ?? intercepted)) : 0
  // Without a configuration what looks like a monitor may be a lost line of another intercepted request.
  const certain = settings?.monitor ? monitors : 0
  return { monitors, without: surplus === undefined ? undefined : surplus - certain }
}

/** What can make the counters say more than the log. */
function missing(
  { logged, excluded, counted, unread, settings, counterGaps, told }: ProxyEvidence,
  { monitors, without }: LineEvidence,
  isOut: boolean,
): Candidate[] {
  const candidates: Candidate[] = []
  const add = (code: Candidate['code'], low: bigint, high?: bigint, likely?: bigint): void => {
    candidates.push({
      code,
      low,
      ...(high !== undefined && { high }),
      ...(likely !== undefined && { likely }),
    })
  }
  const monitor = isOut ? MONITOR_OUT : MONITOR_IN
  const count = BigInt(monitors)
  if (monitors > 0)
    add('monitor', settings?.monitor ? count * monitor.low : 0n, count * monitor.high, count * monitor.likely)
  const boundary = isOut ? excluded.bytesOut : excluded.bytesIn
  const mayBeLost = without === undefined || without > 0 || (counterGaps?.missing ?? 0) > 0
  const open = BigInt(counted?.open ?? 0)
  const running = settings === undefined ? !mayBeLost : settings.contstats
  const inFlight = running ? open * (isOut ? logged.largestOut : logged.largestIn) : 0n
  if (boundary + inFlight > 0n)
    add('in-flight', 0n, boundary + inFlight, mayBeLost ? 0n : boundary + inFlight)
  if (logged.partial > 0) add('partial', 0n)
  if (unread > 0) add('unread', 0n)
  // Of a frontend without a single line it isn't known that it has a log at all.
  const mayBeSilent = logged.lines === 0 && settings === undefined
  const isSilent = settings?.selective || mayBeSilent
  if (isSilent) add('not-logged', 0n)
  const likely = told === undefined || told.bytes.kind === 'unknown' ? undefined : BigInt(told.bytes.estimate)
  if (mayBeLost && (told !== undefined || !isSilent)) add('lost', 0n, undefined, likely)
  return candidates
}

/** What can make the log say more than the counters. */
function surplus(
  { logged, included, ofOthers, openBefore, settings, counterGaps, name }: ProxyEvidence,
  isOut: boolean,
): Candidate[] {
  const candidates: Candidate[] = []
  const add = (code: Candidate['code'], high?: bigint): void => {
    candidates.push({ code, low: 0n, ...(high !== undefined && { high }) })
  }
  if (name.service === 'BACKEND')
    add('no-server', isOut ? logged.withoutServer.bytesOut : logged.withoutServer.bytesIn)
  add('other-process', isOut ? ofOthers.bytesOut : ofOthers.bytesIn)
  const boundary = isOut ? included.bytesOut : included.bytesIn
  const running = settings?.contstats === false ? 0n : BigInt(openBefore)
  const inFlight = boundary + running * (isOut ? logged.largestOut : logged.largestIn)
  if (inFlight > 0n) add('in-flight', inFlight)
  const repeated = BigInt(counterGaps?.repeated ?? 0) * (isOut ? logged.largestOut : logged.largestIn)
  if (repeated > 0n) add('repeated', repeated)
  return candidates.filter(({ high }) => high !== 0n)
}

function lostLines(
  { counterGaps, settings, unread, told }: ProxyEvidence,
  { without }: LineEvidence,
  { gap, causes }: DirectionGap,
): LostLines {
  const lost = causes.find(({ code }) => code === 'lost')
  // A report that counts more than there were requests counts messages of others too.
  const reported = Math.min(told?.lines.low ?? 0, without ?? Number.POSITIVE_INFINITY)
  const seen = Math.max(counterGaps?.missing ?? 0, reported)
  const least = Math.max(seen, lost !== undefined && lost.low > 0n ? 1 : 0)
  if (without === undefined) return { low: least }
  // What is counted and is no monitor's has a line, where no option leaves it out.
  const isEach = settings !== undefined && !settings.selective && !settings.probes
  const low = isEach && gap > 0n ? Math.max(least, without - unread) : least
  return { low, high: Math.max(low, settings?.selective ? low : without) }
}
