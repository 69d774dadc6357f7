import type { Config } from '../config/index.ts'
import { accountingOf, parseVersion, type Signatures } from '../model/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import type { WireTotals } from '../wire/index.ts'
import { comparedProxies, outside, type ReconciledProxy, totalsOf } from './compared-proxies.ts'
import { type FrontendWire, frontendWires } from './frontend-wire.ts'
import type { DirectionGap } from './proxy-gap.ts'
import { type Bracket, bracket, type CountersGiven, type IncomparableReason } from './span.ts'
import type { Tally } from './tally.ts'
import { type TellingLosses, type ToldLosses, toldLosses } from './told-losses.ts'
import type { Tolerance } from './tolerance.ts'
import type { WireTruth } from './wire-truth.ts'

export interface ReconcileInput {
  readonly tally: Tally
  readonly signatures: Signatures
  /** What the log, log daemons and the journal tell of lost lines. */
  readonly losses?: TellingLosses | undefined
  /** Undefined: only what a client measured is held against the log. */
  readonly counters?: CountersGiven | undefined
  /** What a client measured, and figures by frontend. */
  readonly wire?: { readonly truths: readonly WireTruth[]; readonly totals: WireTotals } | undefined
  /** Lines that were cut off or could not be read. */
  readonly unread: number
  readonly config?: Config | undefined
  /** Of HAProxy, where somebody said it; else the snapshots do. */
  readonly version?: string | undefined
  readonly tolerance: Tolerance
  /** The snapshots around it are chosen; those around the log, if not given. The log has what `spanToRead` says. */
  readonly span?: TimeSpan | undefined
  /** Only these proxies; all, if not given. */
  readonly only?: readonly string[] | undefined
}

export interface Incomparability {
  readonly why: IncomparableReason
  readonly proxy?: string
}

/** What logs, counters and clients say of each other. */
export interface Reconciliation {
  /** Undefined where there are no counters. */
  readonly bracket?: Bracket
  /** Empty where log and counters can be held against each other. */
  readonly incomparable: readonly Incomparability[]
  /** Transfers that ended outside of the snapshots, left out. */
  readonly outside: number
  readonly proxies: readonly ReconciledProxy[]
  readonly totals?: { readonly out: DirectionGap; readonly in?: DirectionGap }
  readonly wire: readonly FrontendWire[]
  /** What others than counters tell of lost lines; undefined: nothing. */
  readonly told?: ToldLosses
  /** Lines are missing, for certain. */
  readonly lost: boolean
  /** Every gap is within the tolerance. */
  readonly closed: boolean
}

/** Holds logs against HAProxy's counters, and against what clients measured. Pure. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { tally, counters, wire, tolerance, span } = input
  const found = counters && bracket(counters, span?.since ?? tally.first, span?.until ?? tally.last)
  const incomparable: Incomparability[] = [...traps(input, found)]
  if (counters && !found) incomparable.push({ why: 'no-start' })
  const { before, after } = found ?? {}
  if (before?.time !== undefined && before.time === after?.time) incomparable.push({ why: 'one-snapshot' })
  if (found && !found.delta.comparable) {
    const { why, proxy } = found.delta
    incomparable.push({ why, ...(proxy !== undefined && { proxy }) })
  }
  const told = toldHere(input, found)
  let proxies = found?.delta.comparable ? comparedProxies({ ...input, told }, found) : []
  const isCovered = !found?.sinceStart || tally.first === undefined || tally.first <= (found.before.time ?? 0)
  if (!isCovered && proxies.some(({ lost }) => lost)) {
    incomparable.push({ why: 'not-covered' })
    proxies = proxies.map((one) => ({ ...one, lost: false }))
  }
  for (const { name, state } of proxies)
    if (state === 'no-counters')
      incomparable.push({ why: 'no-counters', ...(name.proxy !== undefined && { proxy: name.proxy }) })
  const wires = wire ? frontendWires({ ...wire, proxies, delta: found?.delta, tally, told, tolerance }) : []
  const totals = proxies.length > 0 ? totalsOf(proxies) : undefined
  return {
    ...(found && { bracket: found }),
    incomparable,
    outside: found ? outside(tally, found) : 0,
    proxies,
    ...(totals && { totals }),
    wire: wires,
    ...(told && { told }),
    // Where log and counters are held against each other, a report that both contradict is of other messages.
    lost: proxies.length > 0 ? proxies.some(({ lost }) => lost) : (told?.lines.low ?? 0) > 0,
    closed: proxies.every(({ closed }) => closed) && wires.every(({ closed }) => closed),
  }
}

function toldHere(
  { losses, span, only }: ReconcileInput,
  found: Bracket | undefined,
): ToldLosses | undefined {
  const delta = found?.delta
  return (
    losses &&
    toldLosses(losses, {
      since: found?.span.from ?? span?.since,
      until: found?.span.to ?? span?.until,
      only,
      dropped: delta?.comparable ? delta.droppedLogs : undefined,
    })
  )
}

/** Versions, and an option, with which logs don't count what went through. */
function traps(
  { signatures, version, tally }: ReconcileInput,
  found: Bracket | undefined,
): Incomparability[] {
  const said = parseVersion(version ?? found?.after.version ?? '')
  const reasons: Incomparability[] = []
  const add = (why: IncomparableReason): void => {
    reasons.push({ why })
  }
  if ((said && accountingOf(said) === 'swapped') || signatures.seen.has('swapped')) add('swapped')
  // Without a reply of its own nothing of 3.4 is missing.
  if (signatures.seen.has('htx-own-zero')) add('own-replies-zero')
  const partial = tally.names().filter(({ service }) => service === 'FRONTEND')
  if (partial.some((name) => tally.sums(name, {}).partial > 0)) add('logasap')
  return reasons
}
