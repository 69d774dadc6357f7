import { type Field, fieldName, type Item, type LogFormat, VANISHING } from '../log-format/index.ts'
import { alphabetOfField, isQuotable, lengthOf, patternOf, shapeOf, withinOf } from './field-alphabet.ts'
import type { Segment, Step, Within } from './step.ts'
import { vanishingKind, vanishingText } from './vanishing.ts'

export interface CompiledFormat {
  readonly segments: readonly Segment[]
  /** In the order of the line. */
  readonly fields: readonly Field[]
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const QUOTE: Step = { kind: 'literal', bytes: latin1('"') }

/** Compiles a format of text. Steps are in the order of the line; every open field begins a segment. */
export function compileSteps({ items }: LogFormat): CompiledFormat {
  const fields: Field[] = []
  const segments: { steps: Step[]; open?: number; within?: Within }[] = [{ steps: [] }]
  const add = (step: Step): void => void segments.at(-1)?.steps.push(step)
  const addOpen = (open: number, within: Within | undefined): void =>
    void segments.push({ steps: [], open, ...(within && { within }) })
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as Item
    if (item.kind === 'separator') add({ kind: 'separator' })
    else if (item.kind === 'literal') add({ kind: 'literal', bytes: latin1(item.text) })
    else if (isAddressWithPort(items, at)) {
      fields.push(item, items[at + 2] as Field)
      add({ kind: 'address-port', field: fields.length - 2, port: fields.length - 1 })
      at += 2
    } else {
      const number = fields.push(item) - 1
      if (item.alias !== undefined && VANISHING.has(item.alias)) {
        const blank =
          items[at + 1]?.kind === 'separator' && [undefined, 'separator'].includes(items[at - 1]?.kind)
        if (blank) at++
        const kind = [items[behindVanishing(items, at + 1)], items[at + 1]]
          .map((next) => vanishingKind(item, next))
          .reduce((one, other) => one && other)
        if (kind) add({ kind, field: number, blank })
        else addOpen(number, vanishingText(item, blank))
        continue
      }
      const step = closedStep(item, number, items[at + 1])
      if (step) {
        add(step)
        continue
      }
      const isText = item.encoding === 'text'
      const quoted = item.quoted && isText && isQuotable(item)
      if (quoted) add(QUOTE)
      addOpen(number, isText ? withinOf(item) : undefined)
      if (quoted) add(QUOTE)
    }
  }
  return { segments, fields }
}

/** Several that aren't there leave nothing between what stands before them and what comes after the last. */
function behindVanishing(items: readonly Item[], at: number): number {
  const item = items[at]
  if (item?.kind !== 'field' || item.alias === undefined || !VANISHING.has(item.alias)) return at
  return behindVanishing(items, items[at + 1]?.kind === 'separator' ? at + 2 : at + 1)
}

/** `%ci:%cp` and its like: an IPv6 address has colons of its own. */
function isAddressWithPort(items: readonly Item[], at: number): boolean {
  const [address, colon, port] = items.slice(at, at + 3)
  return (
    address?.kind === 'field' &&
    colon?.kind === 'literal' &&
    colon.text === ':' &&
    port?.kind === 'field' &&
    !address.quoted &&
    !port.quoted &&
    address.encoding === 'text' &&
    ['ci', 'fi', 'bi', 'si'].includes(fieldName(address)) &&
    ['cp', 'fp', 'bp', 'sp'].includes(fieldName(port))
  )
}

/** Undefined where the field may hold anything, so that only what comes after it shows where it ends. */
function closedStep(field: Field, number: number, next: Item | undefined): Step | undefined {
  const shape = shapeOf(field)
  if (field.encoding !== 'text') return undefined
  if (shape === 'zoned-date') return { kind: 'zoned-date', field: number }
  if (shape === 'request') return field.quoted ? { kind: 'quoted', field: number } : undefined
  if (field.quoted && isQuotable(field) && shape !== 'text') return { kind: 'quoted', field: number }
  const alphabet = alphabetOfField(field)
  if (!alphabet) return undefined
  if (runsInto(alphabet, next)) return undefined
  const [length, pattern] = [lengthOf(field), patternOf(field)]
  return {
    kind: 'run',
    alphabet,
    field: number,
    ...(length !== undefined && { length }),
    ...(pattern && { pattern }),
  }
}

/** What follows could be taken for more of the same: then the end of the run is not where it stops. */
function runsInto(alphabet: Uint8Array, next: Item | undefined): boolean {
  if (next === undefined || next.kind === 'separator') return false
  if (next.kind === 'literal') return alphabet[next.text.charCodeAt(0)] === 1
  if (next.quoted && isQuotable(next)) return alphabet[0x22] === 1
  const following = alphabetOfField(next)
  return !following || following.some((mark, byte) => mark === 1 && alphabet[byte] === 1)
}
