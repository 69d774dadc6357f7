import { escapeHtml } from '@nightshift/tooling/report-page'
import type { Picture } from '../picture.ts'
import { drawLegend } from '../svg/legend.ts'
import { drawPicture, PICTURE_WIDTH, STRIP } from '../svg/picture-svg.ts'
import { timeZone } from '../times.ts'
import { archiveTable, gapTable } from './tables.ts'

/** A file's picture and tables. `prefix` starts the ids of its strips, `heading` is the level of its headings. */
export function fileSection(picture: Picture, prefix: string, heading: 'h2' | 'h3'): string {
  const { markup, height } = drawPicture(picture, { prefix })
  const legend = drawLegend(STRIP.x, height + 14, timeZone())
  const total = height + 26
  const label = escapeHtml(`Coverage of ${picture.name}: ${picture.headline}`)
  return `<div class="scroll"><figure><svg class="strips" role="group" aria-label="${label}" viewBox="0 0 ${PICTURE_WIDTH} ${total}">${markup}${legend}</svg></figure></div>
<p class="keys scripted"><kbd>Tab</kbd> or <kbd>↑</kbd> <kbd>↓</kbd> strips, <kbd>←</kbd> <kbd>→</kbd> columns, <kbd>Page Up</kbd> <kbd>Page Down</kbd> next change</p>
<${heading}>Archives</${heading}>
${archiveTable(picture)}
<${heading}>Gaps</${heading}>
${gapTable(picture, prefix)}`
}
