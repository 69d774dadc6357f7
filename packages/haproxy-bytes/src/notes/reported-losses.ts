import type { LossPlace, LossReport } from '../loss/index.ts'

/** What one place on the way said of lines that it dropped. */
export interface ReportedLoss {
  /** Lines, summed over the reports that tell a number. */
  readonly lines: number
  /** Reports that only say that lines are being dropped. */
  readonly begins: number
  /** Reports that tell how many. */
  readonly reports: number
}

/** Sums reports of loss that stand in the log itself, by who made them. */
export class ReportedLosses {
  readonly #byPlace = new Map<LossPlace, ReportedLoss>()

  add({ place, event, count = 0 }: LossReport): void {
    this.merge(place, { lines: count, begins: event === 'begin' ? 1 : 0, reports: event === 'lost' ? 1 : 0 })
  }

  merge(place: LossPlace, { lines, begins, reports }: ReportedLoss): void {
    const own = this.#byPlace.get(place) ?? { lines: 0, begins: 0, reports: 0 }
    this.#byPlace.set(place, {
      lines: own.lines + lines,
      begins: own.begins + begins,
      reports: own.reports + reports,
    })
  }

  entries(): [LossPlace, ReportedLoss][] {
    return [...this.#byPlace].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
