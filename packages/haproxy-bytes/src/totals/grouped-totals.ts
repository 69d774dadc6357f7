import { isAborted, type Reading, type Transfer } from '../transfer/index.ts'
import { type Groups, GroupTable } from './group-table.ts'
import type { Key } from './keys.ts'
import type { Group, Sums } from './sums.ts'

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
  /** Those with the most bytes first. */
  readonly groups: Groups
  readonly totals: Sums
}

export function noLines(): LineCounts {
  return { read: 0, parsed: 0, unparsed: 0, truncated: 0, other: 0 }
}

export function groupedTotals(lines: LineCounts, groups: GroupTable): GroupedTotals {
  return { lines: { ...lines }, groups: groups.sorted(), totals: groups.total() }
}

/** Instants, ms of UTC: `since` is in it, `until` is not. */
export interface TimeSpan {
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Adds transfers up by keys. */
export class Totals {
  readonly lines: LineCounts = noLines()
  readonly groups = new GroupTable()
  readonly #keys: readonly Key[]
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
    this.groups.merge(other.groups)
  }

  /** Takes in whole transfers that were summed elsewhere. */
  addGroups(groups: Iterable<Group>): void {
    for (const group of groups) {
      this.lines.read += group.requests
      this.lines.parsed += group.requests
      this.groups.add(group)
    }
  }

  result(): GroupedTotals {
    return groupedTotals(this.lines, this.groups)
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
    const { bytesIn, state, partial } = transfer
    const bytesOut = BigInt(transfer.bytesOut ?? 0)
    this.groups.add({
      key: this.#keys.map((key) => key.of(transfer, host)),
      requests: 1,
      bytesOut,
      bytesIn: BigInt(bytesIn ?? 0),
      withoutBytesIn: bytesIn === undefined ? 1 : 0,
      aborted: isAborted(state) ? { requests: 1, bytesOut } : NONE,
      partial: partial ? { requests: 1, bytesOut } : NONE,
    })
  }
}

const NONE: Sums['partial'] = { requests: 0, bytesOut: 0n }
