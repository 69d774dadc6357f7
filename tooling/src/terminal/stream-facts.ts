import { styleText } from 'node:util'

/** The names that `util.styleText` knows: `red`, `bold`, `dim`... */
export type Style = Parameters<typeof styleText>[0]

/** What a stream can show. */
export interface StreamFacts {
  readonly isTerminal: boolean
  /** Characters in a line: the terminal's, else COLUMNS, else 80. */
  readonly columns: number
  readonly color: boolean
  /** Styled where the stream takes colour, else the text itself. Colour never carries meaning alone. */
  readonly style: (style: Style, text: string) => string
}

interface MaybeTerminal {
  readonly isTTY?: boolean
  readonly columns?: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * NO_COLOR (any value but empty), FORCE_COLOR (`0` and `false` mean none) and TERM=dumb are honoured for each stream
 * by itself; FORCE_COLOR beats NO_COLOR as in Node itself, `--no-color` beats both.
 */
export function streamFacts(stream: MaybeTerminal, env: Environment, wanted = true): StreamFacts {
  const isTerminal = stream.isTTY === true
  const color = wanted && takesColor(isTerminal, env)
  const given = Number(env.COLUMNS)
  return {
    isTerminal,
    columns: stream.columns || (Number.isInteger(given) && given > 0 ? given : 80),
    color,
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
  }
}

function takesColor(isTerminal: boolean, env: Environment): boolean {
  const forced = env.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (env.NO_COLOR) return false
  return isTerminal && env.TERM !== 'dumb'
}
