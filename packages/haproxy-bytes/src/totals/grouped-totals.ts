import { isAborted, type Reading, type Transfer } from '../transfer/index.ts'
import type { Key } from './keys.ts'
import { addSums, type Group, type GroupKey, noSums, type Sums } from './sums.ts'

/** Lines by what became of them; `read` is the sum of the others. */
export interface LineCounts {
  read: number
  parsed: number
  unparsed: number
  truncated: number
  other: number
}

export interface GroupedTotals {
  readonly lines: Readonly<LineCounts>
  readonly groups: readonly Group[]
  readonly totals: Sums
}

export function noLines(): LineCounts {
  return { read: 0, parsed: 0, unparsed: 0, truncated: 0, other: 0 }
}

/** Groups with the most bytes first; equal ones in the order of their keys, so that equal totals are equal documents. */
export function groupedTotals(lines: LineCounts, groups: readonly Group[]): GroupedTotals {
  const totals = noSums()
  for (const group of groups) addSums(totals, group)
  const sorted = [...groups].sort((a, b) => Number(b.bytesOut - a.bytesOut) || compareKeys(a.key, b.key))
  return { lines: { ...lines }, groups: sorted, totals }
}

/** Instants, ms of UTC: `since` is in it, `until` is not. */
export interface TimeSpan {
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Adds transfers up by keys. */
export class Totals {
  readonly lines: LineCounts = noLines()
  readonly #keys: readonly Key[]
  readonly #groups = new Map<string, Group>()
  readonly #since: number
  readonly #until: number

  /** @param span only transfers that ended in it; one that shows no time is then unparsed */
  constructor(keys: readonly Key[], { since, until }: TimeSpan = {}) {
    this.#keys = keys
    this.#since = since ?? Number.NEGATIVE_INFINITY
    this.#until = until ?? Number.POSITIVE_INFINITY
  }

  /** Takes one line in. Only whole transfers are summed; whatever is not is counted by its kind. */
  add(reading: Reading, host?: string): void {
    if (reading.kind === 'transfer' && this.#isOutside(reading.transfer)) return
    this.lines.read++
    switch (reading.kind) {
      case 'transfer':
        if (this.#isTimeless(reading.transfer)) this.lines.unparsed++
        else {
          this.lines.parsed++
          this.#addTransfer(reading.transfer, host)
        }
        break
      case 'cut':
        this.lines.truncated++
        break
      case 'other':
        this.lines.other++
        break
      default:
        this.lines.unparsed++
    }
  }

  merge(other: Totals): void {
    for (const name of Object.keys(this.lines) as (keyof LineCounts)[]) this.lines[name] += other.lines[name]
    for (const group of other.#groups.values()) addSums(this.#group(group.key), group)
  }

  /** Takes in whole transfers that were summed elsewhere. */
  addGroups(groups: Iterable<Group>): void {
    for (const group of groups) {
      this.lines.read += group.requests
      this.lines.parsed += group.requests
      addSums(this.#group(group.key), group)
    }
  }

  result(): GroupedTotals {
    return groupedTotals(this.lines, [...this.#groups.values()])
  }

  #isOutside({ instant }: Transfer): boolean {
    return instant !== undefined && (instant < this.#since || instant >= this.#until)
  }

  #isTimeless({ instant }: Transfer): boolean {
    return (
      instant === undefined &&
      (this.#since > Number.NEGATIVE_INFINITY || this.#until < Number.POSITIVE_INFINITY)
    )
  }

  #addTransfer(transfer: Transfer, host: string | undefined): void {
    const group = this.#group(this.#keys.map((key) => key.of(transfer, host)))
    const bytesOut = BigInt(transfer.bytesOut ?? 0)
    group.requests++
    group.bytesOut += bytesOut
    if (transfer.bytesIn === undefined) group.withoutBytesIn++
    else group.bytesIn += BigInt(transfer.bytesIn)
    if (isAborted(transfer.state)) {
      group.aborted.requests++
      group.aborted.bytesOut += bytesOut
    }
    if (transfer.partial) {
      group.partial.requests++
      group.partial.bytesOut += bytesOut
    }
  }

  #group(key: GroupKey): Group {
    const name = JSON.stringify(key)
    let group = this.#groups.get(name)
    if (!group) {
      group = { key, ...noSums() }
      this.#groups.set(name, group)
    }
    return group
  }
}

function compareKeys(a: GroupKey, b: GroupKey): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)]
  return one < other ? -1 : one > other ? 1 : 0
}
