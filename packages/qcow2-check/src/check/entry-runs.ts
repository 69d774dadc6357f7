import type { FindingCode, Remedy } from '../findings/index.ts'
import type { FindingCollector } from './finding-collector.ts'

/** Where the entries of a table are, and what they map. */
export interface TablePlace {
  /** Bytes. */
  readonly offset: number
  readonly entrySize: number
  /** Guest offset of its first entry, and what one entry maps, bytes. */
  readonly guest: number
  readonly coverage: number
  readonly snapshot: string | undefined
}

const REMEDIES: Partial<Readonly<Record<FindingCode, Remedy>>> = {
  'l1-entry-reserved': { class: 'clear-reserved', safe: false, lossy: false },
  'l1-entry-unaligned': { class: 'relink', safe: false, lossy: true },
  'l1-entry-beyond-end': { class: 'relink', safe: false, lossy: true },
  'l2-entry-reserved': { class: 'clear-reserved', safe: false, lossy: false },
  'l2-entry-unaligned': { class: 'zero-cluster', safe: false, lossy: true },
  'l2-entry-beyond-end': { class: 'zero-cluster', safe: false, lossy: true },
  'l2-compressed-copied': { class: 'fix-copied', safe: true, lossy: false },
  'l2-subclusters': { class: 'clear-reserved', safe: false, lossy: false },
  'copied-flag': { class: 'fix-copied', safe: true, lossy: false },
}

interface Run {
  readonly code: FindingCode
  readonly variant: string | number
  readonly first: number
  readonly fields: Readonly<Record<string, string | number | bigint>>
  entries: number
}

/** Makes one finding of neighbouring entries with the same fault. */
export class EntryRuns {
  readonly #findings: FindingCollector
  #place: TablePlace | undefined
  #runs: Run[] = []

  constructor(findings: FindingCollector) {
    this.#findings = findings
  }

  /** The table that the next entries are of. */
  begin(place: TablePlace): void {
    this.end()
    this.#place = place
  }

  /** @param variant runs of another variant are other findings */
  add(code: FindingCode, index: number, fields: Run['fields'], variant: string | number = 0): void {
    const run = this.#runs.find((one) => one.code === code && one.variant === variant)
    if (run && run.first + run.entries === index) {
      run.entries++
      return
    }
    if (run) {
      this.#report(run)
      this.#runs.splice(this.#runs.indexOf(run), 1)
    }
    this.#runs.push({ code, variant, first: index, fields, entries: 1 })
  }

  end(): void {
    for (const run of this.#runs) this.#report(run)
    this.#runs = []
  }

  #report({ code, first, entries, fields }: Run): void {
    if (this.#findings.full) {
      // A hostile table has millions of faults: a finding that nobody keeps costs more than the walk.
      this.#findings.omitted++
      return
    }
    const { offset, entrySize, guest, coverage, snapshot } = this.#place as TablePlace
    const repair = REMEDIES[code]
    this.#findings.add(
      code,
      offset + first * entrySize,
      entries * entrySize,
      { ...fields, index: first, entries },
      {
        guest: { offset: guest + first * coverage, length: entries * coverage },
        snapshot,
        ...(repair && { repair }),
      },
    )
  }
}
