import { escapeXml } from '@nightshift/tooling/report-page'
import { formatCount } from '@nightshift/tooling/terminal'
import type { Picture, PictureLine } from '../picture.ts'
import { formatRange, formatShare, timeZone } from '../times.ts'
import { describePicture } from './describe.ts'
import { drawLegend } from './legend.ts'
import { drawPicture, PICTURE_WIDTH, STRIP, shorten, text } from './picture-svg.ts'
import { runsOf, short } from './strip-shapes.ts'
import { hatch, stripStyles } from './strip-styles.ts'

const MARGIN = 20

const colors = `
svg { --page: #ffffff; --text: #17202a; --muted: #56626f; --line: #d5dbe1; --good: #2563a8; --bad: #b4480b; --bad-soft: #fbe9dc; }
@media (prefers-color-scheme: dark) { svg { --page: #12161b; --text: #e7ebef; --muted: #a3afbb; --line: #37414c; --good: #68abec; --bad: #f0925a; --bad-soft: #472b1b; } }
@media print { svg { --page: #ffffff; --text: #000000; --muted: #444c55; --line: #b8c0c8; --good: #2563a8; --bad: #b4480b; --bad-soft: #fbe9dc; } }
.page { fill: var(--page); }
.strips .title { font-size: 17px; font-weight: 650; }
`

/**
 * A standalone SVG of one or more pictures below each other: no script, nothing loaded, light and dark by itself,
 * gaps named by tooltips that browsers make of their `title`. `omitted` files, if any, are mentioned.
 */
export function renderSvg(pictures: readonly Picture[], omitted = 0): string {
  const zone = timeZone()
  let y = MARGIN
  let body = ''
  pictures.forEach((picture, index) => {
    body += text(MARGIN, y + 16, shorten(picture.name, 96), 'title')
    body += text(MARGIN, y + 35, picture.headline, 'note')
    const drawing = drawPicture(picture, {
      prefix: `p${index}`,
      overlay: (line, top, height, columnWidth) => gapTitles(picture, line, top, height, columnWidth),
    })
    body += `<g transform="translate(${MARGIN} ${y + 46})">${drawing.markup}</g>`
    y += 46 + drawing.height + 22
  })
  body += drawLegend(MARGIN + STRIP.x, y, zone)
  if (omitted > 0) body += text(MARGIN, y, `${formatCount(omitted)} more files`, 'note')
  const width = PICTURE_WIDTH + 2 * MARGIN
  const height = y + MARGIN
  const title =
    pictures.length === 1 ? `Coverage of ${pictures[0]?.name}` : `Coverage of ${pictures.length} files`
  const description = pictures.map((picture) => describePicture(picture)).join(' ')
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="strips" role="img" aria-labelledby="title description" width="${width}" height="${short(height)}" viewBox="0 0 ${width} ${short(height)}">
<title id="title">${escapeXml(title)}</title>
<desc id="description">${escapeXml(description)}</desc>
<style>${colors}${stripStyles}</style>
<defs>${hatch}</defs>
<rect class="page" width="100%" height="100%"/>
${body}
</svg>
`
}

function gapTitles(
  { axis }: Picture,
  { archive }: PictureLine,
  y: number,
  height: number,
  columnWidth: number,
): string {
  return runsOf(archive.strip)
    .filter((run) => run.share !== null && run.share < 1)
    .map(({ start, end, share }) => {
      const range = formatRange(axis.edges[start] as number, axis.edges[end] as number, axis.to)
      const x = STRIP.x + start * columnWidth
      const title = escapeXml(`${range}: ${formatShare(share as number)} known`)
      return `<rect class="hit gap" x="${short(x)}" y="${y}" width="${short((end - start) * columnWidth)}" height="${height}"><title>${title}</title></rect>`
    })
    .join('')
}
