import { type Field, fieldName } from '../log-format/index.ts'
import type { LineMatcher } from '../matcher/index.ts'

/** Aliases whose values are whole numbers, -1 among them. */
const NUMERIC = new Set(
  'B U ST Ta Tt TR Tw Tc Tr Th Ti Td Tq ac fc bc sc rc sq bq rt lc cp fp bp sp pid ms Ts'.split(' '),
)
/** Of these under +X they are hexadecimal; byte counts and statuses stay decimal (measured on 2.6.12). */
const HEXADECIMAL = new Set(['cp', 'fp', 'bp', 'sp', 'rt', 'lc', 'ms', 'pid', 'Ts'])

export function isHexadecimal({ alias, hexadecimal }: Field): boolean {
  return hexadecimal && alias !== undefined && HEXADECIMAL.has(alias)
}

/** One field of one line. */
export interface FieldValue {
  /** An alias without its sign (`ci`, `B`), or a fetch as written (`req.hdr(host)`). */
  readonly name: string
  /** As it was logged; what is no UTF-8 appears as U+FFFD. */
  readonly text: string
  /** A number where the field is one and the text says so exactly; null for `-` and for nothing. */
  readonly value: string | number | null
}

/** Fields of the line that was matched last, in their order; of one that is written twice the first. */
export function fieldValues(matcher: LineMatcher, line: Uint8Array): FieldValue[] {
  const { fields, spans } = matcher
  const bytes = matcher.textOf(line)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Map<string, FieldValue>()
  for (const [number, field] of fields.entries()) {
    const name = fieldName(field)
    if (values.has(name)) continue
    const from = spans.from[number] as number
    const logged = from < 0 ? '' : text.toString('utf8', from, spans.to[number] as number)
    values.set(name, { name, text: logged, value: typedValue(field, logged) })
  }
  return [...values.values()]
}

function typedValue(field: Field, text: string): string | number | null {
  if (text === '' || text === '-') return null
  const isNumber = field.alias !== undefined && NUMERIC.has(field.alias) && !isHexadecimal(field)
  // A `+` says more than a number can, and beyond 2^53-1 a number would be another one.
  return isNumber && /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}
