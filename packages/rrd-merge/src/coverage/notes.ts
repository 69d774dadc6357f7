import { formatCount } from '@nightshift/tooling/terminal'
import { formatMoment, formatRange } from './times.ts'
import type { ArchiveCoverage, Gap } from './types.ts'

/** What a reader should know of an archive beside its share, most important first. */
export function notesOf(archive: ArchiveCoverage, now: number, shown = 3): string[] {
  if (archive.cyclic) return ['seasonal state, no history']
  const notes: string[] = []
  const since = archive.gaps.find((gap) => gap.position === 'since')
  if (archive.known === 0) return ['nothing known']
  const start = archive.gaps.find((gap) => gap.position === 'before')
  if (start) notes.push(`from ${formatMoment(start.to, now)}`)
  if (since) notes.push(`nothing since ${formatMoment(since.from, now)}`)
  const outages = archive.gaps.filter((gap) => gap.position === 'hole' && gap.extent === 'all')
  const partial = archive.gaps.filter((gap) => gap.extent === 'some')
  for (const gap of longest(outages, shown)) notes.push(`gap ${formatRange(gap.from, gap.to, now)}`)
  const more = outages.length - shown
  if (more > 0) notes.push(`${formatCount(more)} shorter ${more === 1 ? 'gap' : 'gaps'}`)
  if (partial.length > 0) notes.push(partialNote(partial))
  const unlisted = archive.gapCount - archive.gaps.length
  if (unlisted > 0) notes.push(`${formatCount(unlisted)} more, shorter`)
  if (archive.neverKnown.length > 0) notes.push(`never known: ${naming(archive.neverKnown)}`)
  return notes
}

/** The longest gaps, in order of time. */
export function longest(gaps: readonly Gap[], count: number): Gap[] {
  return gaps
    .slice()
    .sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, count)
    .sort((a, b) => a.from - b.from)
}

function partialNote(gaps: readonly Gap[]): string {
  const names = [...new Set(gaps.flatMap((gap) => gap.dataSources))]
  return `${formatCount(gaps.length)} partial ${gaps.length === 1 ? 'gap' : 'gaps'} (${naming(names)})`
}

/** At most four names. */
export function naming(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown}, ${names.length - 4} more` : shown
}
