import { formatCount } from '@nightshift/tooling/terminal'
import { notesOf } from './notes.ts'
import { formatLength, formatShare, formatSpan, formatTime } from './times.ts'
import type { ArchiveCoverage, Axis, Coverage, MergeCoverage, MergedArchive } from './types.ts'

/** One strip of a picture. */
export interface PictureLine {
  /** `new`, `old`, `old 2`, `after`; empty where the picture is of one file. */
  readonly role: string
  readonly archive: ArchiveCoverage
  /** Whether this is the line that answers: it carries the share and the notes. */
  readonly answer: boolean
  readonly notes: readonly string[]
}

/** The strips of one archive. */
export interface PictureGroup {
  readonly cf: string
  readonly span: string
  readonly length: string
  readonly lines: readonly PictureLine[]
}

/** What all renderers draw: one file, or one merge. Its texts are raw; each renderer escapes for its medium. */
export interface Picture {
  readonly name: string
  readonly headline: string
  readonly axis: Axis
  readonly groups: readonly PictureGroup[]
}

export function pictureOfFile(name: string, coverage: Coverage): Picture {
  const groups = coverage.archives.map((archive) => ({
    ...labelOf(archive),
    lines: [{ role: '', archive, answer: true, notes: notesOf(archive, coverage.lastUpdate) }],
  }))
  return { name, headline: headline(coverage), axis: coverage.axis, groups }
}

export function pictureOfMerge(name: string, coverage: MergeCoverage): Picture {
  const groups = coverage.archives.map((merged) => ({
    ...labelOf(merged.after),
    lines: linesOf(merged, coverage.lastUpdate),
  }))
  return { name, headline: headline(coverage), axis: coverage.axis, groups }
}

/** `new`, `old` (`old 1`, `old 2`), `after`. */
export function rolesOf(olds: number): string[] {
  const names = Array.from({ length: olds }, (_, index) => (olds === 1 ? 'old' : `old ${index + 1}`))
  return ['new', ...names, 'after']
}

/** Files without a partner for the archive have no line, cyclic archives have one. */
function linesOf(merged: MergedArchive, now: number): PictureLine[] {
  const { before, olds, after, gainedRows, lostRows } = merged
  if (after.cyclic) return [{ role: '', archive: after, answer: true, notes: notesOf(after, now) }]
  const roles = rolesOf(olds.length)
  const inputs = [before, ...olds].flatMap((archive, index) =>
    archive ? [{ role: roles[index] as string, archive, answer: false, notes: [] }] : [],
  )
  const notes = [...rowsNote('+', gainedRows), ...rowsNote('-', lostRows), ...notesOf(after, now)]
  return [...inputs, { role: 'after', archive: after, answer: true, notes }]
}

function rowsNote(sign: string, rows: number): string[] {
  return rows === 0 ? [] : [`${sign}${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`]
}

type Unlaid = Pick<ArchiveCoverage, 'cf' | 'span' | 'rows' | 'cyclic'>

export function labelOf({ cf, span, rows, cyclic }: Unlaid): Omit<PictureGroup, 'lines'> {
  return { cf, span: formatSpan(span), length: cyclic ? `${rows} rows` : formatLength(rows * span) }
}

function headline(coverage: Pick<Coverage, 'lastUpdate' | 'share' | 'dataSources'>): string {
  const count = coverage.dataSources.length
  const sources = `${count} data ${count === 1 ? 'source' : 'sources'}`
  return `${formatShare(coverage.share)} known, ${sources}, last update ${formatTime(coverage.lastUpdate)}`
}
