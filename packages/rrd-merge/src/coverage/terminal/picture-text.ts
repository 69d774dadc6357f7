import { escapeText } from '@nightshift/tooling/terminal'
import type { Picture, PictureLine } from '../picture.ts'
import { formatShare, timeZone } from '../times.ts'
import { wrapNotes } from '../wrap.ts'
import { drawAxis } from './axis-line.ts'
import { archiveLabels, SHARE_WIDTH } from './labels.ts'
import { drawLegend, drawStrip, emphasize, subdue, type TerminalStyle } from './style.ts'

/** A picture whose axis has as many columns as the strips may take; lines without a final newline. */
export function pictureText(picture: Picture, style: TerminalStyle): string {
  const labels = archiveLabels(picture.groups.map((group) => (group.lines.at(-1) as PictureLine).archive))
  const archiveWidth = Math.max(...labels.map((label) => label.length), 0) + 2
  const roleWidth = roleColumn(picture.groups.flatMap((group) => group.lines.map((line) => line.role)))
  const labelWidth = archiveWidth + roleWidth
  const lines = picture.groups.flatMap((group, index) =>
    group.lines.flatMap((line, position) => {
      const archive = position === 0 ? (labels[index] as string) : ''
      const label = `${archive.padEnd(archiveWidth)}${line.role.padEnd(roleWidth)}`
      return stripLines(label, line, style)
    }),
  )
  const head = [emphasize(escapeText(picture.name), style), subdue(picture.headline, style)]
  return [...head, ...lines, ...foot(picture, labelWidth, style)].join('\n')
}

/** Width of the column for `new`, `old` and `after`; none where no line has a role. */
export function roleColumn(roles: readonly string[]): number {
  const longest = Math.max(...roles.map((role) => role.length), 0)
  return longest === 0 ? 0 : longest + 2
}

/** A strip with its label and share; notes go beside it where they fit, else on lines of their own below. */
function stripLines(label: string, { archive, answer, notes }: PictureLine, style: TerminalStyle): string[] {
  const shown = notes.map(escapeText)
  const all = shown.join(', ')
  if (archive.cyclic) return [`${label}${subdue(all, style)}`]
  const head = `${label}${drawStrip(archive.strip, style)}`
  if (!answer) return [head.trimEnd()]
  const withShare = `${head}${formatShare(archive.share).padStart(SHARE_WIDTH)}`
  if (shown.length === 0) return [withShare]
  const room = style.columns - label.length - archive.strip.length - SHARE_WIDTH
  if (all.length + 4 <= room) return [`${withShare}  ${subdue(`(${all})`, style)}`]
  const indent = ' '.repeat(label.length)
  const below = wrapNotes(shown, Math.max(style.columns - label.length, 40))
  return [withShare, ...below.map((text) => `${indent}${subdue(text, style)}`)]
}

/** Axis and legend. */
function foot({ axis }: Picture, labelWidth: number, style: TerminalStyle): string[] {
  const indent = ' '.repeat(labelWidth)
  const [marks, dates] = drawAxis(axis)
  const drawn = marks === '' ? [] : [subdue(`${indent}${marks}`, style), subdue(`${indent}${dates}`, style)]
  return [...drawn, drawLegend(style), subdue(`times in ${timeZone()}`, style)]
}
