import { escapeText } from '@nightshift/tooling/terminal'
import { type MergedMeasurements, mergeCoverageOf } from '../merge-coverage.ts'
import { notesOf } from '../notes.ts'
import type { ArchiveCoverage, MergeCoverage, MergedArchive } from '../types.ts'
import { archiveLines, stripWidth } from './archive-lines.ts'
import { archiveLabels, axisLines, headline } from './file-text.ts'
import { emphasize, subdue, type TerminalStyle } from './style.ts'

/** NEW, OLD and the result, archive by archive, for a terminal. `name` is escaped here. */
export function mergeCoverageText(
  name: string,
  measurements: MergedMeasurements,
  style: TerminalStyle,
): string {
  const roles = rolesOf(measurements.olds.length)
  const roleWidth = Math.max(...roles.map((role) => role.length)) + 2
  const labels = archiveLabels(measurements.after.archives.map((archive) => archive.summary))
  const archiveWidth = Math.max(...labels.map((label) => label.length), 0) + 2
  const labelWidth = archiveWidth + roleWidth
  const coverage = mergeCoverageOf(measurements, { columns: stripWidth(labelWidth, style) })
  const lines = coverage.archives.flatMap((archive, index) => {
    return rolesOfArchive(archive, roles).flatMap(([role, one], line) => {
      const label = `${(line === 0 ? (labels[index] as string) : '').padEnd(archiveWidth)}${role}`
      const isResult = role === 'after' || archive.after.cyclic
      const notes = isResult ? resultNotes(archive, coverage).map(escapeText) : []
      return archiveLines({ label, archive: one, showShare: isResult, notes }, labelWidth, style)
    })
  })
  const head = [emphasize(escapeText(name), style), subdue(headline(coverage), style)]
  return [...head, ...lines, ...axisLines(coverage, labelWidth, style)].join('\n')
}

/** `+812 rows` and what is still missing. */
export function resultNotes(
  archive: MergedArchive,
  { lastUpdate }: Pick<MergeCoverage, 'lastUpdate'>,
): string[] {
  const notes: string[] = []
  if (archive.gainedRows > 0)
    notes.push(`+${archive.gainedRows} ${archive.gainedRows === 1 ? 'row' : 'rows'}`)
  if (archive.lostRows > 0) notes.push(`-${archive.lostRows} ${archive.lostRows === 1 ? 'row' : 'rows'}`)
  return [...notes, ...notesOf(archive.after, lastUpdate)]
}

/** `new`, `old` (`old 1`, `old 2`), `after`. */
export function rolesOf(olds: number): string[] {
  const names = Array.from({ length: olds }, (_, index) => (olds === 1 ? 'old' : `old ${index + 1}`))
  return ['new', ...names, 'after']
}

/** The lines of one archive; files without a partner have none, cyclic archives one. */
export function rolesOfArchive(
  archive: MergedArchive,
  roles: readonly string[],
): [string, ArchiveCoverage][] {
  if (archive.after.cyclic) return [['', archive.after]]
  const all = [archive.before, ...archive.olds, archive.after]
  return all.flatMap((one, index): [string, ArchiveCoverage][] =>
    one ? [[roles[index] as string, one]] : [],
  )
}
