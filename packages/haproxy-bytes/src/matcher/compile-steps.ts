import {
  ALIASES,
  type Field,
  fieldName,
  type Item,
  type LogFormat,
  type Shape,
  shapeOfFetch,
  VANISHING,
} from '../log-format/index.ts'
import { alphabetOf } from './alphabets.ts'
import type { Segment, Step } from './step.ts'

export interface CompiledFormat {
  readonly segments: readonly Segment[]
  /** In the order of the line. */
  readonly fields: readonly Field[]
}

/** The shape of what stands where a field is. */
export function shapeOf(field: Field): Shape {
  return field.alias === undefined ? shapeOfFetch(field.fetch as string) : (ALIASES.get(field.alias) as Shape)
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const QUOTE = latin1('"')

/** Compiles a format of text. Steps are in the order of the line; every open field begins a segment. */
export function compileSteps({ items }: LogFormat): CompiledFormat {
  const fields: Field[] = []
  const segments: { steps: Step[]; open?: number }[] = [{ steps: [] }]
  const add = (step: Step): void => void segments.at(-1)?.steps.push(step)
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
        add({ kind: ALIASES.get(item.alias) as 'captures' | 'capture-list', field: number, blank })
        continue
      }
      const step = closedStep(item, number, items[at + 1])
      if (step) add(step)
      else {
        const quoted = item.quoted && item.encoding === 'text' && isQuotable(shapeOf(item))
        if (quoted) add({ kind: 'literal', bytes: QUOTE })
        segments.push({ steps: quoted ? [{ kind: 'literal', bytes: QUOTE }] : [], open: number })
      }
    }
  }
  return { segments, fields }
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
  if (shape === 'request')
    return field.quoted && !field.escaped ? { kind: 'quoted', field: number } : undefined
  if (shape === 'zoned-date') return { kind: 'zoned-date', field: number }
  if (field.quoted && isQuotable(shape) && shape !== 'text') return { kind: 'quoted', field: number }
  const alphabet = alphabetOf(shape, field.hexadecimal)
  if (!alphabet) return undefined
  return runsInto(alphabet, next) ? undefined : { kind: 'run', alphabet, field: number }
}

/** Numbers, dates and states get no quotes under +Q (measured); addresses, names, words and texts do. */
const isQuotable = (shape: Shape): boolean => !['integer', 'date', 'zoned-date', 'state'].includes(shape)

/** What follows could be taken for more of the same: then the end of the run is not where it stops. */
function runsInto(alphabet: Uint8Array, next: Item | undefined): boolean {
  if (next === undefined || next.kind === 'separator') return false
  if (next.kind === 'literal') return alphabet[next.text.charCodeAt(0)] === 1
  const following = next.quoted ? undefined : alphabetOf(shapeOf(next), next.hexadecimal)
  return following?.some((mark, byte) => mark === 1 && alphabet[byte] === 1) === true
}
