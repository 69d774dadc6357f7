import type { Snapshot } from '../counters/index.ts'
import type { Ledger, LossEntry } from '../loss/index.ts'
import { parseVersion, type WireSum, wireCounters } from '../model/index.ts'
import { type CountersGiven, gapsOverTime, Tally } from '../reconcile/index.ts'
import type { FieldTexts, Transfer } from '../transfer/index.ts'
import { modelled, type WireSettings, WireTotals } from '../wire/index.ts'
import type { CountedInterval, GapChart, LoggedInterval, WireBytes } from './gap-chart.ts'
import { type Interval, MOST_INTERVALS, TimeGrid } from './time-grid.ts'

/** Ends of time, where a snapshot doesn't say when it was taken: before or after every line. */
const [BEFORE_ALL, AFTER_ALL] = [0, 8.64e15]
const TIMELESS = ''

export interface GapSettings extends WireSettings {
  readonly counters?: CountersGiven | undefined
}

/** Adds up what a picture of the gap over time shows, in one pass. */
export class GapCollector {
  readonly wire: WireTotals
  readonly #snapshots: readonly Timed[]
  readonly #tally: Tally
  readonly #grid: TimeGrid
  readonly #settings: GapSettings
  #timeless = 0

  constructor(settings: GapSettings) {
    this.#settings = settings
    this.wire = new WireTotals({ ...settings, tls: false })
    this.#snapshots = settings.counters ? timed(settings.counters) : []
    const times = this.#snapshots.map(({ time }) => time)
    this.#tally = new Tally(times)
    this.#grid = new TimeGrid(times.filter((time) => time > BEFORE_ALL && time < AFTER_ALL))
  }

  add(transfer: Transfer, line: Uint8Array, fields: FieldTexts): void {
    const { instant } = transfer
    this.#tally.add(transfer)
    if (instant === undefined) this.#timeless++
    else if (this.#grid.add(instant))
      this.wire.regroup((name) => (name === TIMELESS ? name : String(this.#grid.startOf(Number(name)))))
    const group = instant === undefined ? TIMELESS : String(this.#grid.startOf(instant))
    this.wire.add(group, transfer, line, fields)
  }

  /** @param ledger of the same lines */
  chart(ledger: Ledger): GapChart {
    const pieces = this.#grid.intervals()
    const counted = this.#counted(pieces)
    const compressed = new Map(counted.map(({ from, compOut }) => [from, compOut]))
    const { accounting } = this.wire.model
    const intervals = pieces.map((piece): LoggedInterval => {
      const group = this.wire.group([String(piece.from)])
      return {
        ...piece,
        requests: group.requests,
        logged: group.bytesOut,
        wire: wireBytes(group.sums(accounting).out, compressed.get(piece.from)),
        lossy: ledger.entries.some((entry) => overlaps(entry, piece)),
      }
    })
    const all = this.wire.group()
    return {
      intervals,
      counted: counted.map(({ compOut: _, ...one }) => one),
      ledger,
      totals: {
        requests: all.requests,
        logged: all.bytesOut,
        wire: wireBytes(all.sums(accounting).out, undefined),
      },
      timeless: this.#timeless,
    }
  }

  #counted(pieces: readonly Interval[]): (CountedInterval & { readonly compOut?: bigint })[] {
    const [first, last] = [pieces[0], pieces.at(-1)]
    if (!first || !last) return []
    const names = new Set(this.#tally.names().flatMap(({ proxy }) => proxy ?? []))
    // The log of some frontends is held against these, whatever else the process did.
    const isLogged = ({ proxy }: { proxy: string }): boolean => names.size === 0 || names.has(proxy)
    const chosen = this.#chosen(pieces).map((one) => ({ ...one, proxies: one.proxies.filter(isLogged) }))
    const sockets = this.#socketsCounted()
    return gapsOverTime(this.#tally, chosen, this.#settings.config).map((gap) => {
      const { lines, out, counts, incomparable } = gap
      const compOut = counts.comp_out
      return {
        from: gap.from === BEFORE_ALL ? first.from : gap.from,
        until: gap.to === AFTER_ALL ? last.until : gap.to,
        lines,
        logged: out?.logged ?? 0n,
        ...(out && { counted: out.counted }),
        ...(sockets && counts.h1_bytes_out !== undefined && { sockets: counts.h1_bytes_out }),
        ...(incomparable && { incomparable }),
        ...(compOut !== undefined && { compOut }),
      }
    })
  }

  /** Those at which intervals begin and end; of few, those around the log. */
  #chosen(pieces: readonly Interval[]): Timed[] {
    const edges = new Set(pieces.flatMap(({ from, until }) => [from, until]))
    const atEdges = this.#snapshots.filter(({ time }) => edges.has(time))
    if (atEdges.length > 2) return atEdges
    const [from, until] = [pieces[0]?.from ?? 0, pieces.at(-1)?.until ?? 0]
    const before = this.#snapshots.findLastIndex(({ time }) => time <= from)
    const after = this.#snapshots.findIndex(({ time }) => time >= until)
    return this.#snapshots
      .slice(Math.max(0, before), after < 0 ? undefined : after + 1)
      .slice(-MOST_INTERVALS)
  }

  #socketsCounted(): boolean {
    const { version, snapshotVersion, config } = this.#settings
    const counted = parseVersion(version ?? snapshotVersion ?? '')
    const zeroCopy = config?.global.find(({ words }) => words[0] === 'tune.disable-zero-copy-forwarding')
    const isDisabled = zeroCopy !== undefined && zeroCopy.words[1] !== 'off'
    return counted !== undefined && wireCounters(counted, isDisabled) === 'wire'
  }
}

type Timed = Snapshot & { readonly time: number }

/** In the order of time, each once: both options may name one file. */
function timed({ before, after }: CountersGiven): Timed[] {
  const all = [
    ...before.map((one) => ({ ...one, time: one.time ?? BEFORE_ALL })),
    ...after.map((one) => ({ ...one, time: one.time ?? AFTER_ALL })),
  ]
  return [...new Map(all.map((one) => [one.time, one])).values()].sort((a, b) => a.time - b.time)
}

/** Counters tell of what they counted in the same time, which is not quite these transfers: hence an estimate. */
function wireBytes(sum: WireSum, compOut: bigint | undefined): WireBytes {
  const alone = modelled(sum).total
  const isHelped = alone.kind === 'unknown' && compOut !== undefined
  const { kind, value, low, high } = isHelped ? modelled(sum, compOut).total : alone
  return {
    kind: isHelped && kind !== 'unknown' ? 'estimated' : kind,
    low,
    ...(value !== undefined && { value }),
    ...(high !== undefined && { high }),
  }
}

const overlaps = ({ from = -Infinity, until = Infinity }: LossEntry, piece: Interval): boolean =>
  from < piece.until && Math.max(from, until) >= piece.from
