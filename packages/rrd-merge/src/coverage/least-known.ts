import type { FileCoverage } from './document.ts'
import type { Coverage } from './types.ts'

/** A file that could be read, with its place in the list it came from. */
export interface KnownFile {
  readonly index: number
  readonly path: string
  readonly coverage: Coverage
}

/** The `count` files with the lowest share known, in the order of the list: what a bounded picture should show. */
export function leastKnown(files: readonly FileCoverage[], count: number): KnownFile[] {
  const known = files.flatMap(({ path, coverage }, index) => (coverage ? [{ index, path, coverage }] : []))
  return known
    .sort((a, b) => a.coverage.share - b.coverage.share || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
}
