import type { Config } from '../config/index.ts'
import { COLUMNS, type Column, findCounters, type ProxyCounters } from '../counters/index.ts'
import { type Cause, type CauseCode, merged } from './cause.ts'
import { type LogSettings, logSettings } from './log-settings.ts'
import { addLoggedSums, type LoggedSums, noLoggedSums } from './logged-sums.ts'
import { type DirectionGap, type ProxyGap, proxyGap } from './proxy-gap.ts'
import type { Bracket } from './span.ts'
import type { ProxyName, Tally } from './tally.ts'
import { type ToldLosses, toldOf } from './told-losses.ts'
import { isTolerated, type Tolerance } from './tolerance.ts'

/** What log and counters say of one proxy. */
export interface ReconciledProxy extends ProxyGap {
  /** What no harmless cause explains is within the tolerance. */
  readonly closed: boolean
  /** Lines are missing, for certain. */
  readonly lost: boolean
}

export interface ComparedInput {
  readonly tally: Tally
  readonly unread: number
  readonly config?: Config | undefined
  readonly tolerance: Tolerance
  /** What others than counters tell of lost lines. */
  readonly told?: ToldLosses | undefined
  readonly only?: readonly string[] | undefined
}

/** Causes that are no fault of the log. */
const HARMLESS = new Set<CauseCode>(['monitor', 'in-flight', 'no-server'])

/** Frontends as a rule: their counters have everything. Backends where lines tell no frontend. */
function comparedService(tally: Tally): ProxyName['service'] {
  const isNamed = tally.names().some(({ service, proxy }) => service === 'FRONTEND' && proxy !== undefined)
  const hasBackends = tally.names().some(({ service }) => service === 'BACKEND')
  return isNamed || !hasBackends ? 'FRONTEND' : 'BACKEND'
}

/** Each proxy of the log, and each that counted bytes, held against its counters. */
export function comparedProxies(input: ComparedInput, { before, delta, span }: Bracket): ReconciledProxy[] {
  const { tally, unread, config, tolerance, told, only } = input
  if (!delta.comparable) return []
  const service = comparedService(tally)
  const settings: ReadonlyMap<string, LogSettings> = config ? logSettings(config) : new Map()
  const named = tally.names().filter((name) => name.service === service && tally.sums(name, span).lines > 0)
  const counted = delta.proxies.filter(
    ({ service: own, counts }) => own === service && ((counts.bout ?? 0n) > 0n || (counts.bin ?? 0n) > 0n),
  )
  const isUnnamed = named.some(({ proxy }) => proxy === undefined)
  const all = isUnnamed ? [] : counted.map(({ proxy }): ProxyName => ({ service, proxy }))
  const names = [...new Map([...named, ...all].map((name) => [name.proxy, name])).values()]
  return names
    .filter(({ proxy }) => only === undefined || (proxy !== undefined && only.includes(proxy)))
    .sort((a, b) => ((a.proxy ?? '') < (b.proxy ?? '') ? -1 : 1))
    .map((name) => {
      const edges = [span.from, span.to].map((bound) =>
        bound === undefined ? undefined : tally.near(name, bound),
      )
      const proxy = name.proxy ?? ''
      const gap = proxyGap({
        name,
        logged: tally.sums(name, span),
        excluded: sumOf([edges[0]?.earlier, edges[1]?.later]),
        included: sumOf([edges[0]?.later, edges[1]?.earlier]),
        ofOthers: tally.ofOthers(name, before.pid),
        counted: isUnnamed
          ? summedCounters(counted)
          : delta.proxies.find((one) => one.proxy === proxy && one.service === service),
        openBefore: findCounters(before, proxy, service)?.open ?? 0,
        unread,
        counterGaps: tally.counterGaps(name),
        told: service === 'BACKEND' ? undefined : told && toldOf(told, name.proxy, tally.share(name.proxy)),
        settings: settings.get(proxy),
      })
      return { ...gap, ...judged(gap, tolerance) }
    })
}

function judged({ state, lines, out, in: sent, lostLines }: ProxyGap, tolerance: Tolerance) {
  const directions = sent ? [out, sent] : [out]
  const lost =
    lostLines.low > 0 ||
    directions.some(({ causes }) => causes.some(({ code, low }) => code === 'lost' && low > 0n))
  const closed = directions.every((one) => isTolerated(harm(one), tolerance, one.counted))
  return { closed: closed && !(state === 'no-counters' && lines > 0), lost }
}

const harm = ({ causes }: DirectionGap): bigint =>
  causes.reduce((sum, { code, value }) => (HARMLESS.has(code) ? sum : sum + value), 0n)

const sumOf = (parts: readonly (LoggedSums | undefined)[]): LoggedSums => {
  const sum = noLoggedSums()
  for (const part of parts) if (part) addLoggedSums(sum, part)
  return sum
}

/** All proxies as one: of lines that don't tell theirs. */
export function summedCounters(rows: readonly ProxyCounters[]): ProxyCounters {
  const counts: Partial<Record<Column, bigint>> = {}
  for (const row of rows)
    for (const column of COLUMNS) {
      const count = row.counts[column]
      if (count !== undefined) counts[column] = (counts[column] ?? 0n) + count
    }
  const open = rows.reduce((sum, row) => sum + (row.open ?? 0), 0)
  return { proxy: '', service: 'FRONTEND', counts, open }
}

/** Over all proxies; bytes in only where each of them has them. */
export function totalsOf(proxies: readonly ProxyGap[]): {
  readonly out: DirectionGap
  readonly in?: DirectionGap
} {
  const ins = proxies.flatMap(({ in: sent }) => (sent ? [sent] : []))
  return {
    out: added(proxies.map(({ out }) => out)),
    ...(ins.length === proxies.length && { in: added(ins) }),
  }
}

function added(gaps: readonly DirectionGap[]): DirectionGap {
  const sum = (of: (gap: DirectionGap) => bigint): bigint => gaps.reduce((total, gap) => total + of(gap), 0n)
  const causes: readonly Cause[] = gaps.flatMap((gap) => gap.causes)
  return {
    logged: sum(({ logged }) => logged),
    counted: sum(({ counted }) => counted),
    gap: sum(({ gap }) => gap),
    causes: merged(causes),
  }
}

/** Lines that ended outside of the snapshots. */
export function outside(tally: Tally, { span }: Bracket): number {
  return tally
    .names()
    .filter(({ service }) => service === 'FRONTEND')
    .reduce((sum, name) => sum + tally.sums(name, {}).lines - tally.sums(name, span).lines, 0)
}
