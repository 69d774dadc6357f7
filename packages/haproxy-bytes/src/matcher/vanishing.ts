import { ALIASES, type Field, type Item, VANISHING } from '../log-format/index.ts'
import { alphabetOfField, isQuotable } from './field-alphabet.ts'
import type { Within } from './step.ts'

const isBraced = ({ alias }: Field): boolean => ALIASES.get(alias as string) === 'captures'

/**
 * The step for `%hr` and its like: captures are in braces, lists of them in quotes; +Q puts the braces in quotes, too.
 * Undefined for a list without quotes, and where what follows could be taken for it when it is not there.
 */
export function vanishingKind(field: Field, next: Item | undefined): 'captures' | 'capture-list' | undefined {
  if (!field.quoted && !isBraced(field)) return undefined
  if (next !== undefined && canBegin(next, field)) return undefined
  return field.quoted ? 'capture-list' : 'captures'
}

/** Whether an item may begin with the quote or the brace that this field begins with. */
function canBegin(next: Item, field: Field): boolean {
  const byte = field.quoted ? '"' : '{'
  if (next.kind === 'separator') return false
  if (next.kind === 'literal') return next.text.startsWith(byte)
  // Of two of a kind the first takes what there is: the line doesn't tell.
  if (VANISHING.has(next.alias as string))
    return !(isBraced(next) === isBraced(field) && next.quoted === field.quoted)
  if (next.quoted && isQuotable(next)) return byte === '"'
  const alphabet = alphabetOfField(next)
  return !alphabet || alphabet[byte.charCodeAt(0)] === 1
}

const PATTERNS = {
  braces: [/^(?:\{[^}]*\})?$/, /^(?:\{[^}]*\} )?$/],
  quotedBraces: [/^(?:"\{[^}"]*\}")?$/, /^(?:"\{[^}"]*\}" )?$/],
  list: [/^/, /^(?:.* )?$/s],
  quotedList: [/^(?:"[^"]*"(?: "[^"]*")*)?$/, /^(?:"[^"]*"(?: "[^"]*")* )?$/],
} as const

/** What such a field is where it has to be an open one. */
export function vanishingText(field: Field, blank: boolean): Within {
  const kind = isBraced(field)
    ? field.quoted
      ? 'quotedBraces'
      : 'braces'
    : field.quoted
      ? 'quotedList'
      : 'list'
  return { kind: 'pattern', pattern: PATTERNS[kind][blank ? 1 : 0], blank }
}
