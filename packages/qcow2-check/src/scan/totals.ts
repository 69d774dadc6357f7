import type { ScanResult, ScanTotals, ScanVerdict } from './types.ts'

/** The gravest first, as exit codes have it. */
export const SCAN_VERDICTS: readonly ScanVerdict[] = [
  'failed',
  'incomplete',
  'corrupt',
  'leaks',
  'not-qcow2',
  'consistent',
]

/** Counts results as they come. */
export class TotalsCounter {
  readonly #counts = new Map<ScanVerdict, number>()

  add({ verdict }: Pick<ScanResult, 'verdict'>): void {
    this.#counts.set(verdict, (this.#counts.get(verdict) ?? 0) + 1)
  }

  get totals(): ScanTotals {
    const of = (verdict: ScanVerdict): number => this.#counts.get(verdict) ?? 0
    const images = SCAN_VERDICTS.reduce((sum, verdict) => sum + of(verdict), 0)
    return {
      images,
      consistent: of('consistent'),
      leaks: of('leaks'),
      corrupt: of('corrupt'),
      incomplete: of('incomplete'),
      'not-qcow2': of('not-qcow2'),
      failed: of('failed'),
    }
  }
}
