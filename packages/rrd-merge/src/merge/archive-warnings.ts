import { isCyclicState } from '../format/index.ts'
import type { Archive, RrdHeader } from '../format/types.ts'
import { instant } from '../report/instant.ts'
import { gridOf } from './grid.ts'
import type { ArchiveSource } from './pair-archives.ts'
import { type MergeWarning, oldLabel, spanText, warning } from './warnings.ts'

type Sources = readonly (readonly (readonly ArchiveSource[])[])[]

const nameOf = ({ cf, span }: Archive): string => `${cf} ${spanText(span)}`

/** What the archives of NEW and the OLDs don't have in common. */
export function archiveWarnings(
  target: RrdHeader,
  olds: readonly RrdHeader[],
  sources: Sources,
): MergeWarning[] {
  return [
    ...unmatched(target, sources),
    ...olds.flatMap((old, index) => {
      const label = oldLabel(index, olds.length)
      return [
        ...steps(target, old, index, label),
        ...dropped(target, old, index, sources),
        ...shortened(target, old, index, sources, label),
      ]
    }),
  ]
}

function steps(target: RrdHeader, old: RrdHeader, index: number, label: string): MergeWarning[] {
  if (target.step === old.step) return []
  const message = `NEW has a step of ${target.step} s, ${label} of ${old.step} s; rows of equal span are the same`
  return [warning('step-differs', message, { old: index, newStep: target.step, oldStep: old.step })]
}

function unmatched(target: RrdHeader, sources: Sources): MergeWarning[] {
  return target.archives.flatMap((archive, index) => {
    const { cf, span } = archive
    if (isCyclicState(cf)) {
      return [
        warning('archive-cyclic', `${nameOf(archive)} is state, not history: left as it is`, { cf, span }),
      ]
    }
    if (sources[index]?.some((byOld) => byOld.length > 0)) return []
    return [
      warning('archive-unmatched', `no OLD has ${nameOf(archive)}: nothing to fill it from`, { cf, span }),
    ]
  })
}

/** Archives that no archive of NEW takes from. */
function dropped(target: RrdHeader, old: RrdHeader, index: number, sources: Sources): MergeWarning[] {
  const used = new Set(sources.flatMap((byOld) => byOld[index] ?? []).map((source) => source.index))
  return old.archives.flatMap((archive, position) => {
    const { cf, span, rowCount: rows } = archive
    if (
      used.has(position) ||
      isCyclicState(cf) ||
      target.archives.some((mine) => mine.cf === cf && mine.span === span)
    )
      return []
    const { first: from, last: to } = gridOf(old, archive)
    const message = `dropped history: ${nameOf(archive)}, ${rows} rows, ${instant(from)} to ${instant(to)}`
    return [warning('archive-dropped', message, { old: index, cf, span, rows, from, to })]
  })
}

/**
 * Rows that OLD's longer archive would still hold at NEW's last update and NEW's shorter one doesn't. Rows that
 * have merely grown too old for an archive of the same length are no loss: OLD itself would have dropped them.
 */
function shortened(
  target: RrdHeader,
  old: RrdHeader,
  index: number,
  sources: Sources,
  label: string,
): MergeWarning[] {
  return target.archives.flatMap((archive, position) => {
    const exact = (sources[position]?.[index] ?? []).find(({ how }) => how === 'exact')
    const partner = exact && old.archives[exact.index]
    if (!partner || partner.rowCount <= archive.rowCount) return []
    const { cf, span } = archive
    const mine = gridOf(target, archive)
    const theirs = gridOf(old, partner)
    const from = Math.max(theirs.first, mine.last - (partner.rowCount - 1) * span)
    const to = Math.min(theirs.last, mine.first - span)
    if (from > to) return []
    const rows = (to - from) / span + 1
    const message = `dropped history: ${nameOf(archive)} has ${archive.rowCount} rows in NEW, ${partner.rowCount} in ${label}; ${rows} rows, ${instant(from)} to ${instant(to)}, have no place`
    return [warning('history-dropped', message, { old: index, cf, span, rows, from, to })]
  })
}
