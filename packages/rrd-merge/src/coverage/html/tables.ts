import { escapeHtml } from '@nightshift/tooling/report-page'
import { formatCount } from '@nightshift/tooling/terminal'
import type { Picture, PictureLine } from '../picture.ts'
import { formatLength, formatShare, formatTime } from '../times.ts'
import type { Gap } from '../types.ts'

/** Rows of a file's gap table: a page is read by people, the JSON document lists them all. */
const SHOWN_GAPS = 200

export function archiveTable({ groups }: Picture): string {
  const hasRoles = groups.some((group) => group.lines.length > 1)
  const rows = groups.flatMap((group) =>
    group.lines.map(({ role, archive }) => {
      const label = [escapeHtml(group.cf), group.span, group.length, ...(hasRoles ? [role] : [])]
      const cells = label.map((text) => `<td>${text}</td>`).join('')
      const numbers = [formatCount(archive.rows), formatShare(archive.share), formatCount(archive.gapCount)]
      const times = archive.cyclic
        ? '<td colspan="2" class="muted">seasonal state, no history</td>'
        : `<td>${time(archive.firstKnown)}</td><td>${time(archive.lastKnown)}</td>`
      return `<tr>${cells}${numbers.map((text) => `<td class="number">${text}</td>`).join('')}${times}</tr>`
    }),
  )
  const roleHead = hasRoles ? '<th scope="col">File</th>' : ''
  return `<div class="scroll"><table><thead><tr><th scope="col">Function</th><th scope="col">Row</th><th scope="col">Keeps</th>${roleHead}<th scope="col" class="number">Rows</th><th scope="col" class="number">Known</th><th scope="col" class="number">Gaps</th><th scope="col">First known row</th><th scope="col">Last known row</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

export function gapTable({ groups }: Picture, prefix: string): string {
  const rows: string[] = []
  let count = 0
  groups.forEach((group, groupIndex) => {
    const line = group.lines.at(-1) as PictureLine
    count += line.archive.gapCount
    for (const gap of line.archive.gaps) {
      if (rows.length >= SHOWN_GAPS) break
      const strip = `${prefix}s${groupIndex}-${group.lines.length - 1}`
      const label = `${escapeHtml(group.cf)} ${group.span}`
      const archive = `<a href="#${strip}" data-strip="${strip}" data-time="${(gap.from + gap.to) / 2}">${label}</a>`
      const range = `<td>${formatTime(gap.from)}</td><td>${formatTime(gap.to)}</td>`
      const size = `<td class="number">${formatLength(gap.to - gap.from)}</td><td class="number">${formatCount(gap.rows)}</td>`
      rows.push(`<tr><td>${archive}</td>${range}${size}<td>${kindOf(gap)}</td></tr>`)
    }
  })
  if (count === 0) return '<p>No gaps: every cell of every archive is known.</p>'
  const rest = count - rows.length
  const note =
    rest > 0
      ? `<p class="muted">${formatCount(rest)} more gaps, shorter or further down, are not listed here.</p>`
      : ''
  return `<div class="scroll"><table><thead><tr><th scope="col">Archive</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="number">Length</th><th scope="col" class="number">Rows</th><th scope="col">Unknown</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>${note}`
}

function kindOf(gap: Gap): string {
  if (gap.position === 'before') return 'all, before recording began'
  if (gap.position === 'since') return 'all, nothing since'
  if (gap.position === 'whole') return 'all, the archive knows nothing'
  if (gap.extent === 'all') return 'all data sources'
  return gap.dataSources.map((name) => `<bdi>${escapeHtml(name)}</bdi>`).join(', ')
}

function time(value: number | null): string {
  return value === null ? '<span class="muted">none</span>' : formatTime(value)
}
