import type { Archive, RrdHeader } from '../format/types.ts'
import { instant } from '../report/instant.ts'
import { type Grid, gridOf } from './grid.ts'
import type { ArchiveSource } from './pair-archives.ts'
import { bothDates, isAfter } from './refuse-swapped.ts'
import { type MergeWarning, oldLabel, warning } from './warnings.ts'

type Sources = readonly (readonly (readonly ArchiveSource[])[])[]

/** Where OLD's and NEW's rows don't meet in time. */
export function timeWarnings(
  target: RrdHeader,
  olds: readonly RrdHeader[],
  sources: Sources,
): MergeWarning[] {
  return olds.flatMap((old, index) => [
    ...unplaced(target, old, index, sources, oldLabel(index, olds.length)),
    ...apart(target, old, index, sources, oldLabel(index, olds.length)),
  ])
}

/** Rows of an OLD that is newer have no place in NEW. */
function unplaced(
  target: RrdHeader,
  old: RrdHeader,
  index: number,
  sources: Sources,
  label: string,
): MergeWarning[] {
  if (!isAfter(old, target)) return []
  const archives = target.archives.flatMap((archive, position) => {
    const exact = (sources[position]?.[index] ?? []).find(({ how }) => how === 'exact')
    const partner = exact && old.archives[exact.index]
    if (!partner) return []
    const { cf, span } = archive
    const theirs = gridOf(old, partner)
    const from = Math.max(theirs.first, gridOf(target, archive).last + span)
    return from > theirs.last
      ? []
      : [{ cf, span, rows: (theirs.last - from) / span + 1, from, to: theirs.last }]
  })
  const rows = archives.reduce((total, archive) => total + archive.rows, 0)
  const message = `${bothDates(target, old, label)}: ${rows} rows after that have no place in NEW`
  const { lastUpdate: oldLastUpdate } = old
  const { lastUpdate: newLastUpdate } = target
  return [warning('newer-old', message, { old: index, oldLastUpdate, newLastUpdate, archives })]
}

/** Single archives often don't meet (two days of minutes against a backup of last week); none at all is worth a word. */
function apart(
  target: RrdHeader,
  old: RrdHeader,
  index: number,
  sources: Sources,
  label: string,
): MergeWarning[] {
  const pairs: { mine: Grid; theirs: Grid }[] = []
  for (const [position, archive] of target.archives.entries()) {
    for (const source of sources[position]?.[index] ?? []) {
      const mine = gridOf(target, archive)
      const theirs = gridOf(old, old.archives[source.index] as Archive)
      if (theirs.first <= mine.last && theirs.last >= mine.first) return []
      pairs.push({ mine, theirs })
    }
  }
  if (pairs.length === 0) return []
  const spanOf = (grids: readonly Grid[]) => ({
    from: grids.reduce((first, grid) => Math.min(first, grid.first), Number.POSITIVE_INFINITY),
    to: grids.reduce((last, grid) => Math.max(last, grid.last), Number.NEGATIVE_INFINITY),
  })
  const theirs = spanOf(pairs.map((pair) => pair.theirs))
  const mine = spanOf(pairs.map((pair) => pair.mine))
  const text = ({ from, to }: { from: number; to: number }) => `${instant(from)} to ${instant(to)}`
  const message = `no row in common: ${label} has ${text(theirs)}, NEW has ${text(mine)}`
  const fields = { old: index, oldFrom: theirs.from, oldTo: theirs.to, newFrom: mine.from, newTo: mine.to }
  return [warning('no-overlap', message, fields)]
}
