import { escapeXml } from '@nightshift/tooling/report-page'
import { escapeText } from '@nightshift/tooling/terminal'
import type { Picture, PictureGroup, PictureLine } from '../picture.ts'
import { ticksOf } from '../ticks.ts'
import { formatShare } from '../times.ts'
import { wrapNotes } from '../wrap.ts'
import { describeLine } from './describe.ts'
import { runsOf, short, stripPaths } from './strip-shapes.ts'

/** Columns to compute a coverage with for `drawPicture`: three units wide each. */
export const PICTURE_COLUMNS = 220

export const PICTURE_WIDTH = 936
const STRIP = { x: 196, width: 660 }
const ROLE_X = 148
const NOTE_CHARACTERS = 108

export interface DrawOptions {
  /** Starts the ids in this drawing, unique in its document. */
  readonly prefix: string
  /** Extra elements on top of a strip (tooltips of the standalone picture). */
  readonly overlay?: (line: PictureLine, y: number, height: number, columnWidth: number) => string
}

export interface Drawing {
  readonly markup: string
  readonly height: number
}

/** The strips, their labels and the axis as SVG elements, without the `svg` element, PICTURE_WIDTH units wide. */
export function drawPicture(picture: Picture, options: DrawOptions): Drawing {
  const columns = Math.max(picture.axis.edges.length - 1, 1)
  const columnWidth = STRIP.width / columns
  const hasRoles = picture.groups.some((group) => group.lines.length > 1)
  const shape = hasRoles ? { height: 13, pitch: 17 } : { height: 18, pitch: 18 }
  let y = 4
  let body = ''
  const top = y
  picture.groups.forEach((group, groupIndex) => {
    body += drawGroupLabel(group, y + shape.height - (hasRoles ? 2 : 4))
    group.lines.forEach((line, lineIndex) => {
      const id = `${options.prefix}s${groupIndex}-${lineIndex}`
      body += drawStrip(picture, group, line, { id, y, height: shape.height, columnWidth }, options)
      y += shape.pitch
    })
    const shown = (group.lines.at(-1)?.notes ?? []).map((note) => shorten(note, NOTE_CHARACTERS))
    const notes = wrapNotes(shown, NOTE_CHARACTERS)
    for (const note of notes) {
      y += 13
      body += text(STRIP.x, y - 1, note, 'note')
    }
    y += notes.length > 0 ? 12 : 8
  })
  const bottom = y
  return { markup: `${drawAxis(picture, top, bottom)}${body}`, height: bottom + 26 }
}

interface StripPlace {
  readonly id: string
  readonly y: number
  readonly height: number
  readonly columnWidth: number
}

function drawStrip(
  picture: Picture,
  group: PictureGroup,
  line: PictureLine,
  { id, y, height, columnWidth }: StripPlace,
  { overlay }: DrawOptions,
): string {
  const baseline = y + height - (height > 14 ? 4 : 2)
  const role = line.role === '' ? '' : text(ROLE_X, baseline, line.role, line.answer ? 'role answer' : 'role')
  if (line.archive.cyclic) return role
  const runs = runsOf(line.archive.strip)
  const { known, unknown } = stripPaths(runs, { x: STRIP.x, y, height, columnWidth })
  const share = line.answer
    ? text(PICTURE_WIDTH, baseline, formatShare(line.archive.share), 'share', 'end')
    : ''
  const covered = runs.filter((run) => run.share !== null)
  const start = STRIP.x + (covered[0]?.start ?? 0) * columnWidth
  const end = STRIP.x + (covered.at(-1)?.end ?? 0) * columnWidth
  const hit = `<rect class="hit" x="${short(start)}" y="${y}" width="${short(end - start)}" height="${height}"/>`
  const label = escapeXml(describeLine(picture, group, line))
  const shapes = `<path class="unknown" d="${unknown}"/><path class="known" d="${known}"/>${hit}`
  return `${role}<g class="strip" id="${id}" role="img" aria-label="${label}">${shapes}${overlay?.(line, y, height, columnWidth) ?? ''}</g>${share}`
}

function drawGroupLabel({ cf, span, length }: PictureGroup, y: number): string {
  return `${text(0, y, shorten(cf, 11), 'cf')}${text(104, y, span, 'span', 'end')}${text(134, y, length, 'length', 'end')}`
}

function drawAxis({ axis }: Picture, top: number, bottom: number): string {
  const ticks = ticksOf(axis, STRIP.width, (label) => label.length * 6.6 + 14)
  const last = ticks.length - 1
  return ticks
    .map(({ at, label }, index) => {
      const x = STRIP.x + at * STRIP.width
      const anchor = index === 0 ? 'start' : index === last ? 'end' : 'middle'
      return `<path class="grid" d="M${short(x)} ${top}V${bottom + 5}"/>${text(x, bottom + 18, label, 'tick', anchor)}`
    })
    .join('')
}

export function text(x: number, y: number, content: string, kind: string, anchor = 'start'): string {
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text x="${short(x)}" y="${short(y)}" class="${kind}"${at}>${escapeXml(content)}</text>`
}

/** At most `characters` as they are shown, the middle left out: the ends of a path tell it from others. */
export function shorten(name: string, characters: number): string {
  const shown = escapeText(name)
  const letters = [...shown]
  if (letters.length <= characters) return shown
  const tail = Math.floor((characters - 1) * 0.6)
  return `${letters.slice(0, characters - 1 - tail).join('')}…${letters.slice(-tail).join('')}`
}

export { STRIP }
