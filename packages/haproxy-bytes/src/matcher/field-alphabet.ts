import { ALIASES, type Field, fieldName, type Shape, shapeOfFetch } from '../log-format/index.ts'
import { type Alphabet, alphabetOf, DIGITS, PLAIN_TEXT, withQuote } from './alphabets.ts'
import type { Within } from './step.ts'

/** The shape of what stands where a field is. */
export function shapeOf(field: Field): Shape {
  return field.alias === undefined ? shapeOfFetch(field.fetch as string) : (ALIASES.get(field.alias) as Shape)
}

const ADDRESSES: ReadonlySet<string> = new Set(['ci', 'fi', 'bi', 'si'])
const PORTS: ReadonlySet<string> = new Set(['cp', 'fp', 'bp', 'sp'])

/** Written without quotes under +Q, but `""` where there is none: ports, and addresses in hexadecimal (measured on 2.6.12). */
function isBare(field: Field): boolean {
  const name = fieldName(field)
  return PORTS.has(name) || (field.hexadecimal && ADDRESSES.has(name))
}

/** What a field is made of, between its quotes; undefined where it isn't a plain run of bytes. */
export function alphabetOfField(field: Field): Alphabet | undefined {
  const alphabet = alphabetOf(shapeOf(field), field.hexadecimal)
  return field.quoted && isBare(field) && alphabet ? withQuote(alphabet) : alphabet
}

/** Aliases of numbers, dates and states get no quotes under +Q; names, texts and whatever a fetch gives do (measured). */
export function isQuotable(field: Field): boolean {
  if (field.alias === undefined) return true
  return !isBare(field) && !['integer', 'date', 'zoned-date', 'state'].includes(shapeOf(field))
}

/** The letters of termination states, and what a date has. */
const LENGTHS: Readonly<Record<string, number>> = { t: 24, tr: 24, ts: 2, tsc: 4 }
const DATE = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\.\d{3}$/
/** +E writes a backslash before each quote and backslash. */
const ESCAPED = /^(?:[^"\\]|\\.)*$/s

/** A `+` or a sign stands before digits only, `-` alone: not all that the bytes of a number can make is one. */
const INTEGER = /^(?:[+-]?\d+|-|"")$/
/** Bytes are always a number. */
const COUNT = /^\+?\d+$/
const HEXADECIMAL = /^(?:[+-]?[0-9A-Fa-f]+|-|"")$/

/** Undefined where it isn't always the same. */
export const lengthOf = (field: Field): number | undefined => LENGTHS[fieldName(field)]

/** What is known of a field whose end only shows by what follows. */
export function withinOf(field: Field): Within | undefined {
  const alphabet = alphabetOfField(field)
  if (!alphabet) return withinText(field)
  const length = lengthOf(field)
  const pattern = patternOf(field)
  const sure = length === undefined ? (pattern ? DIGITS : alphabet) : undefined
  return {
    kind: 'alphabet',
    alphabet,
    ...(length !== undefined && { length }),
    ...(pattern && { pattern }),
    ...(sure && { sure }),
  }
}

function withinText(field: Field): Within | undefined {
  return field.quoted && field.escaped
    ? { kind: 'pattern', pattern: ESCAPED, blank: false, sure: PLAIN_TEXT }
    : undefined
}

/** What the bytes of its alphabet make. What a fetch gives is no hexadecimal under +X (measured on 2.6.12). */
export function patternOf(field: Field): RegExp | undefined {
  const shape = shapeOf(field)
  const isHexadecimal = field.hexadecimal && field.alias !== undefined
  if (shape === 'date') return DATE
  if (shape === 'address') return isHexadecimal ? HEXADECIMAL : undefined
  if (field.alias === 'B' || field.alias === 'U') return COUNT
  if (shape === 'integer') return isHexadecimal ? HEXADECIMAL : INTEGER
  return undefined
}
