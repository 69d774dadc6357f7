import { formatShare } from '../times.ts'
import type { ArchiveCoverage } from '../types.ts'
import { drawStrip, subdue, type TerminalStyle } from './style.ts'

/** Room for ` 100 %` and ` <0.1 %` behind a strip. */
const SHARE_WIDTH = 8

/** Notes stand beside the strips from this width on, below them on narrower terminals. */
const WIDE = 120
const NOTE_WIDTH = 40
const LONGEST_STRIP = 160
const SHORTEST_STRIP = 16

/** Columns that are left for the strips beside labels, shares and (on wide terminals) notes. */
export function stripWidth(labelWidth: number, { columns }: Pick<TerminalStyle, 'columns'>): number {
  const beside = labelWidth + SHARE_WIDTH + (columns >= WIDE ? NOTE_WIDTH : 0)
  return Math.min(Math.max(columns - beside, SHORTEST_STRIP), LONGEST_STRIP)
}

export interface ArchiveLine {
  readonly label: string
  readonly archive: ArchiveCoverage
  readonly showShare: boolean
  readonly notes: readonly string[]
}

/** A strip with its label and share; notes go beside it where they fit, else on lines of their own below. */
export function archiveLines(line: ArchiveLine, labelWidth: number, style: TerminalStyle): string[] {
  const { label, archive, showShare, notes } = line
  const share = showShare ? formatShare(archive.share).padStart(SHARE_WIDTH) : ''
  const strip = archive.cyclic ? '' : drawStrip(archive.strip, style)
  const head = `${label.padEnd(labelWidth)}${strip}${share}`
  if (notes.length === 0) return [head.trimEnd()]
  const room = style.columns - labelWidth - archive.strip.length - SHARE_WIDTH - 2
  const all = notes.join(', ')
  if (archive.cyclic) return [`${label.padEnd(labelWidth)}${subdue(all, style)}`]
  if (all.length + 2 <= room) return [`${head}  ${subdue(`(${all})`, style)}`]
  const below = wrap(notes, Math.max(style.columns - labelWidth, 40))
  return [head, ...below.map((text) => `${' '.repeat(labelWidth)}${subdue(text, style)}`)]
}

function wrap(notes: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const note of notes) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 2 + note.length <= width)
      lines[lines.length - 1] = `${last}, ${note}`
    else lines.push(note)
  }
  return lines
}
