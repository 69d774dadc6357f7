export type TokeniseProblem = 'open-quote' | 'open-variable' | 'bad-escape'

export interface Tokens {
  readonly words: readonly string[]
  /** What HAProxy would refuse the line for. */
  readonly problem?: TokeniseProblem
}

/** Gives the value of `${NAME}`; undefined leaves nothing in its place, as HAProxy does. */
export type Variables = (name: string) => string | undefined

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const VARIABLE = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/
/** `${NAME[*]}` becomes several words. */
const EXPANDING = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\[\*\]\}/

/**
 * The words of a line of a configuration (doc 2.2): blanks part them unless escaped or quoted, `#` begins a comment,
 * variables are replaced outside of quotes in braces and within double quotes.
 */
export function tokenise(line: string, variables: Variables): Tokens {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  let at = 0
  const append = (text: string): void => {
    word = (word ?? '') + text
  }
  const finish = (): void => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  while (at < line.length) {
    const char = line[at] as string
    if (quote === "'") {
      if (char === "'") quote = undefined
      else append(char)
      at++
    } else if (char === '\\') {
      const read = readEscape(line, at, quote === '"')
      if (read === undefined)
        return { words: [...words, ...(word === undefined ? [] : [word])], problem: 'bad-escape' }
      append(read.text)
      at = read.end
    } else if (char === '"' || (char === "'" && quote === undefined)) {
      quote = quote === '"' ? undefined : (char as '"' | "'")
      append('')
      at++
    } else if (char === '$' && (quote === '"' || line[at + 1] === '{')) {
      const rest = line.slice(at)
      const expanding = EXPANDING.exec(rest)
      const variable = expanding ?? VARIABLE.exec(rest)
      if (variable) {
        const value =
          variables((variable[1] ?? variable[3]) as string) ?? (expanding ? undefined : variable[2]) ?? ''
        const [first = '', ...more] = expanding ? value.split(/\s+/).filter(Boolean) : [value]
        append(first)
        for (const next of more) {
          finish()
          append(next)
        }
        at += variable[0].length
      } else if (line[at + 1] === '{') return { words, problem: 'open-variable' }
      else {
        append(char)
        at++
      }
    } else if (quote === undefined && char === '#') break
    else if (quote === undefined && /\s/.test(char)) {
      finish()
      at++
    } else {
      append(char)
      at++
    }
  }
  finish()
  return quote === undefined ? { words } : { words, problem: 'open-quote' }
}

/** `\ `, `\#`, `\\`, `\"`, `\'`, `\n`, `\x41`, and within double quotes `\$`; other backslashes stay (measured on 2.6.12). */
function readEscape(line: string, at: number, quoted: boolean): { text: string; end: number } | undefined {
  const next = line[at + 1]
  if (next === undefined) return { text: '\\', end: at + 1 }
  if (next === 'x') {
    const hex = /^[0-9A-Fa-f]{2}/.exec(line.slice(at + 2))?.[0]
    return hex === undefined
      ? undefined
      : { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 4 }
  }
  const control = ESCAPES[next]
  if (control !== undefined) return { text: control, end: at + 2 }
  const known = quoted ? '\\"\' #$' : '\\"\' #'
  return known.includes(next) ? { text: next, end: at + 2 } : { text: `\\${next}`, end: at + 2 }
}
