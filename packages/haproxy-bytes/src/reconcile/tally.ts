import { IntervalSet } from '../loss/index.ts'
import type { Transfer } from '../transfer/index.ts'
import { addLoggedSums, addTransfer, type LoggedSums, noLoggedSums } from './logged-sums.ts'

/** Which counters lines are held against. Without a name the lines don't tell their proxy. */
export interface ProxyName {
  readonly service: 'FRONTEND' | 'BACKEND'
  readonly proxy: string | undefined
}

/** A piece of time, ms of UTC: `from` is in it, `to` is not; undefined is without end. */
export interface Span {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * Lines this near to a snapshot may be on either side of it: HAProxy rounds to milliseconds, reads its clock once a
 * round of its loop, and takes a while to answer.
 */
const NEAR = 50

/** Sums of one proxy: by pieces of time between snapshots; lines without a time of their own are in none of them. */
interface ProxyLines {
  readonly name: ProxyName
  readonly slots: Map<number, LoggedSums>
  readonly timeless: LoggedSums
  /** By snapshot: lines that ended just before and just after it. */
  readonly near: Map<number, { readonly earlier: LoggedSums; readonly later: LoggedSums }>
  /** `%lc`, by the process that counted. */
  readonly counters: Map<string, IntervalSet>
  /** By pid, where lines tell one. */
  readonly pids: Map<number, LoggedSums>
}

/** Who wrote a line, as far as its envelope tells. */
export interface Writer {
  readonly host?: string | undefined
  readonly pid?: number | undefined
}

/** More pids than reloads leave in a log are something else. */
const MOST_PIDS = 4096

/** Adds lines up by proxy and by the spans between instants. One pass over the logs. */
export class Tally {
  /** Ascending, ms of UTC. */
  readonly bounds: readonly number[]
  readonly #proxies = new Map<string, ProxyLines>()
  #first: number | undefined
  #last: number | undefined

  /** @param bounds times of all snapshots that may be chosen */
  constructor(bounds: readonly number[] = []) {
    this.bounds = [...new Set(bounds)].sort((a, b) => a - b)
  }

  add(transfer: Transfer, { host, pid }: Writer = {}): void {
    const { instant, frontend, backend, logCounter } = transfer
    if (instant !== undefined) {
      if (this.#first === undefined || instant < this.#first) this.#first = instant
      if (this.#last === undefined || instant > this.#last) this.#last = instant
    }
    const front = this.#lines({ service: 'FRONTEND', proxy: frontend })
    this.#addTo(front, transfer)
    if (backend !== undefined) this.#addTo(this.#lines({ service: 'BACKEND', proxy: backend }), transfer)
    if (pid !== undefined) addTransfer(sumsOf(front.pids, front.pids.size < MOST_PIDS ? pid : -1), transfer)
    if (logCounter === undefined) return
    const process = `${pid} ${host}`
    let set = front.counters.get(process)
    if (set === undefined) {
      set = new IntervalSet()
      front.counters.set(process, set)
    }
    set.add(logCounter)
  }

  /** Ends of the first and of the last transfer. */
  get first(): number | undefined {
    return this.#first
  }

  get last(): number | undefined {
    return this.#last
  }

  names(): ProxyName[] {
    return [...this.#proxies.values()].map(({ name }) => name)
  }

  /** What a frontend has of all lines. */
  share(frontend: string | undefined): number {
    const lines = (name: ProxyName): number => this.sums(name, {}).lines
    const all = this.names().filter(({ service }) => service === 'FRONTEND')
    const whole = all.reduce((sum, name) => sum + lines(name), 0)
    return whole === 0 ? 0 : lines({ service: 'FRONTEND', proxy: frontend }) / whole
  }

  /** Lines of a proxy within a span whose ends are bounds; those without a time are in every one. */
  sums(name: ProxyName, { from, to }: Span): LoggedSums {
    const sums = noLoggedSums()
    const lines = this.#proxies.get(keyOf(name))
    if (lines === undefined) return sums
    addLoggedSums(sums, lines.timeless)
    const [first, last] = [
      from === undefined ? 0 : this.#slot(from),
      to === undefined ? Infinity : this.#slot(to),
    ]
    for (const [slot, part] of lines.slots) if (slot >= first && slot < last) addLoggedSums(sums, part)
    return sums
  }

  /** Lines just before and just after a bound. */
  near(name: ProxyName, bound: number): { readonly earlier: LoggedSums; readonly later: LoggedSums } {
    const found = this.#proxies.get(keyOf(name))?.near.get(bound)
    return found ?? { earlier: noLoggedSums(), later: noLoggedSums() }
  }

  /** Numbers that %lc passed over between its smallest and its largest, and that it gave twice. */
  counterGaps(name: ProxyName): { readonly missing: number; readonly repeated: number } | undefined {
    const sets = this.#proxies.get(keyOf(name))?.counters
    if (sets === undefined || sets.size === 0) return undefined
    let [missing, repeated] = [0, 0]
    for (const set of sets.values()) {
      for (const [first, last] of set.gaps()) missing += last - first + 1
      repeated += set.repeated
    }
    return { missing, repeated }
  }

  /** Lines of other processes than this one. */
  ofOthers(name: ProxyName, pid: number | undefined): LoggedSums {
    const sums = noLoggedSums()
    if (pid === undefined) return sums
    for (const [other, part] of this.#proxies.get(keyOf(name))?.pids ?? [])
      if (other !== pid) addLoggedSums(sums, part)
    return sums
  }

  #addTo({ slots, timeless, near }: ProxyLines, transfer: Transfer): void {
    const { instant } = transfer
    if (instant === undefined) {
      addTransfer(timeless, transfer)
      return
    }
    const slot = this.#slot(instant)
    addTransfer(sumsOf(slots, slot), transfer)
    const [before, after] = [this.bounds[slot - 1], this.bounds[slot]]
    if (before !== undefined && instant - before < NEAR) addTransfer(nearOf(near, before).later, transfer)
    if (after !== undefined && after - instant <= NEAR) addTransfer(nearOf(near, after).earlier, transfer)
  }

  /** How many bounds are at or before it. */
  #slot(instant: number): number {
    let [low, high] = [0, this.bounds.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.bounds[middle] as number) <= instant) low = middle + 1
      else high = middle
    }
    return low
  }

  #lines(name: ProxyName): ProxyLines {
    const key = keyOf(name)
    let lines = this.#proxies.get(key)
    if (lines === undefined) {
      lines = {
        name,
        slots: new Map(),
        timeless: noLoggedSums(),
        near: new Map(),
        counters: new Map(),
        pids: new Map(),
      }
      this.#proxies.set(key, lines)
    }
    return lines
  }
}

const keyOf = ({ service, proxy }: ProxyName): string => `${service} ${proxy ?? ''}`

function sumsOf(by: Map<number, LoggedSums>, key: number): LoggedSums {
  let sums = by.get(key)
  if (sums === undefined) {
    sums = noLoggedSums()
    by.set(key, sums)
  }
  return sums
}

function nearOf(near: ProxyLines['near'], bound: number): { earlier: LoggedSums; later: LoggedSums } {
  let found = near.get(bound)
  if (found === undefined) {
    found = { earlier: noLoggedSums(), later: noLoggedSums() }
    near.set(bound, found)
  }
  return found
}
