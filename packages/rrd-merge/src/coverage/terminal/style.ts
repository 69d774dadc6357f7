import { styleText } from 'node:util'

/** How a terminal, or a pipe, is to be written to. */
export interface TerminalStyle {
  /** Characters a line may take; 80 where nobody knows. */
  readonly columns: number
  /** Block characters instead of ASCII; for terminals in a UTF-8 locale only. */
  readonly unicode: boolean
  readonly color: boolean
}

/** Blocks only on a terminal whose locale (LC_ALL, LC_CTYPE, LANG) is UTF-8, never in a pipe or with TERM=dumb. */
export function terminalStyle(
  facts: { readonly isTerminal: boolean; readonly columns: number; readonly color: boolean },
  env: Readonly<Record<string, string | undefined>>,
): TerminalStyle {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  const unicode = facts.isTerminal && env.TERM !== 'dumb' && /utf-?8/i.test(locale)
  return { columns: facts.columns, unicode, color: facts.color }
}

type Shade = 'known' | 'most' | 'some' | 'unknown' | 'absent'

const ASCII: Record<Shade, string> = { known: '#', most: '+', some: '-', unknown: '.', absent: ' ' }
const BLOCKS: Record<Shade, string> = { known: '█', most: '▓', some: '░', unknown: '·', absent: ' ' }
const COLORS = { known: 'green', most: 'yellow', some: 'yellow', unknown: 'red' } as const

/** A column counts as known only where nothing at all is missing: a strip is looked at for its holes. */
function shadeOf(share: number | null): Shade {
  if (share === null) return 'absent'
  if (share >= 1) return 'known'
  if (share <= 0) return 'unknown'
  return share >= 0.5 ? 'most' : 'some'
}

/** One strip, a character a column. Colour only repeats what the character says. */
export function drawStrip(strip: readonly (number | null)[], style: TerminalStyle): string {
  const marks = style.unicode ? BLOCKS : ASCII
  let line = ''
  for (let start = 0; start < strip.length; ) {
    const shade = shadeOf(strip[start] as number | null)
    let end = start + 1
    while (end < strip.length && shadeOf(strip[end] as number | null) === shade) end++
    const run = marks[shade].repeat(end - start)
    line += style.color && shade !== 'absent' ? styleText(COLORS[shade], run, { validateStream: false }) : run
    start = end
  }
  return line
}

export function drawLegend(style: TerminalStyle): string {
  const marks = style.unicode ? BLOCKS : ASCII
  const mark = (shade: Exclude<Shade, 'absent'>) =>
    style.color ? styleText(COLORS[shade], marks[shade], { validateStream: false }) : marks[shade]
  return `${mark('known')} known  ${mark('most')} half or more  ${mark('some')} less than half  ${mark('unknown')} unknown  (blank: not kept)`
}

export function emphasize(text: string, style: TerminalStyle): string {
  return style.color ? styleText('bold', text, { validateStream: false }) : text
}

export function subdue(text: string, style: TerminalStyle): string {
  return style.color ? styleText('dim', text, { validateStream: false }) : text
}
