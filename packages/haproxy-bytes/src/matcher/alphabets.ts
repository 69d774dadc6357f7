import type { Shape } from '../log-format/index.ts'

/** 256 marks: which bytes a run may hold. */
export type Alphabet = Uint8Array

function alphabet(...parts: readonly string[]): Alphabet {
  const marks = new Uint8Array(256)
  for (const part of parts) {
    const range = /^(.)-(.)$/s.exec(part)
    if (range) {
      for (let code = range[1]?.charCodeAt(0) as number; code <= (range[2]?.charCodeAt(0) as number); code++)
        marks[code] = 1
    } else for (const char of part) marks[char.charCodeAt(0)] = 1
  }
  return marks
}

/** All but blanks and control characters. */
export const WORD: Alphabet = (() => {
  const marks = new Uint8Array(256).fill(1)
  marks.fill(0, 0, 33)
  marks[127] = 0
  return marks
})()

/**
 * Digits, `+` of a value that was logged early, `-1` of a timer that never ran, `-` of nothing, and the letters of
 * hexadecimal.
 */
const INTEGER = alphabet('0-9', '+-')
const HEXADECIMAL = alphabet('0-9', 'A-F', 'a-f', '+-')
/** IPv4, IPv6, `unix`, `-`. */
const ADDRESS = alphabet('0-9', 'a-z', 'A-Z', '.:-')
/** Names are letters, digits and `.:_-` (src/tools.c, invalid_char), `<NOSRV>`, `<lua.x>`, and `~` of a TLS frontend. */
const NAME = alphabet('0-9', 'a-z', 'A-Z', '.:_-', '<>~')
/** What every number is made of, decimal or hexadecimal. */
export const DIGITS = alphabet('0-9')
/** What +E writes without a backslash before it; a line feed is in no line. */
export const PLAIN_TEXT: Alphabet = new Uint8Array(256).fill(1)
for (const char of '"\\\n') PLAIN_TEXT[char.charCodeAt(0)] = 0
const DATE = alphabet('0-9', 'a-z', 'A-Z', '/:.')
const STATE = alphabet('a-z', 'A-Z', '-')

const RUNS: Partial<Record<Shape, Alphabet>> = {
  integer: INTEGER,
  address: ADDRESS,
  name: NAME,
  date: DATE,
  state: STATE,
  word: WORD,
}

/** What a field of this shape is made of; undefined where it isn't a plain run of bytes. */
export function alphabetOf(shape: Shape, hexadecimal: boolean): Alphabet | undefined {
  return hexadecimal && shape === 'integer' ? HEXADECIMAL : RUNS[shape]
}

const quotable = new Map<Alphabet, Alphabet>()

/** The same with `"`. */
export function withQuote(alphabet: Alphabet): Alphabet {
  const known = quotable.get(alphabet) ?? alphabet.with(0x22, 1)
  quotable.set(alphabet, known)
  return known
}
