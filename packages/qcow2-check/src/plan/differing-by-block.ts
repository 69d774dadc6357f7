import type { RefcountRun, Survey } from '../check/survey.ts'

/** What differs among the clusters of one refcount block. */
export interface DifferingBlock {
  /** Index in the refcount table. */
  readonly number: number
  /** Ascending, none beyond the end of the file. */
  readonly runs: readonly RefcountRun[]
}

/** Refcounts that differ from the references, by refcount block: millions of wrong ones may be a few runs. */
export function* differingByBlock(survey: Survey): Generator<DifferingBlock> {
  const { refcountBlockEntries: perBlock } = survey.image.geometry
  let number = 0
  let runs: RefcountRun[] = []
  for (const run of survey.differing()) {
    const end = Math.min(run.first + run.count, survey.clusters)
    for (let first = run.first; first < end; ) {
      const block = Math.floor(first / perBlock)
      if (block !== number && runs.length > 0) {
        yield { number, runs }
        runs = []
      }
      number = block
      const next = Math.min(end, (block + 1) * perBlock)
      runs.push({ ...run, first, count: next - first })
      first = next
    }
  }
  if (runs.length > 0) yield { number, runs }
}
