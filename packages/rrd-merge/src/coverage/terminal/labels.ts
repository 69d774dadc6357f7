import { escapeText } from '@nightshift/tooling/terminal'
import { labelOf } from '../picture.ts'
import type { ArchiveCoverage } from '../types.ts'

/** `AVERAGE  30m  90d`, padded so that the fields stand under each other. Escaped. */
export function archiveLabels(
  archives: readonly Pick<ArchiveCoverage, 'cf' | 'span' | 'rows' | 'cyclic'>[],
): string[] {
  const labels = archives.map((archive) => {
    const { cf, span, length } = labelOf(archive)
    return { cf: escapeText(cf), span, length }
  })
  const width = (field: 'cf' | 'span' | 'length') =>
    Math.max(...labels.map((label) => label[field].length), 0)
  const [cfs, spans, lengths] = [width('cf'), width('span'), width('length')]
  return labels.map(
    ({ cf, span, length }) => `${cf.padEnd(cfs)}  ${span.padStart(spans)}  ${length.padStart(lengths)}`,
  )
}

/** Room for ` 99.98 %` behind a strip. */
export const SHARE_WIDTH = 8

/** Notes stand beside the strips from this width on, below them on narrower terminals. */
const WIDE = 120
const NOTE_WIDTH = 40
const LONGEST_STRIP = 160
const SHORTEST_STRIP = 16

/** Columns that are left for the strips beside labels, shares and (on wide terminals) notes. */
export function stripWidth(labelWidth: number, columns: number): number {
  const beside = labelWidth + SHARE_WIDTH + (columns >= WIDE ? NOTE_WIDTH : 0)
  return Math.min(Math.max(columns - beside, SHORTEST_STRIP), LONGEST_STRIP)
}
