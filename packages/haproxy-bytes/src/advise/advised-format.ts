import {
  ALIASES,
  type Field,
  fieldName,
  type Item,
  parseLogFormat,
  type Shape,
  shapeOfFetch,
} from '../log-format/index.ts'

/** What a format lacks, as `name=%item`. */
interface Wanted {
  readonly name: string
  readonly item: string
}

export interface AdvisedFormat {
  readonly text: string
  /** %B stood behind text that a client writes, where a cut would take it away. */
  readonly bytesMoved: boolean
  /** %B was the end of the line, and nowhere before: what is left of it by a cut is a number too. */
  readonly bytesLast: boolean
}

/** Anything may stand there, of any length. */
const OPEN = new Set<Shape>(['captures', 'capture-list', 'request', 'text'])

const shapeOf = ({ alias, fetch = '' }: Field): Shape =>
  alias === undefined ? shapeOfFetch(fetch) : (ALIASES.get(alias) ?? 'text')

const isField = (item: Item): item is Field => item.kind === 'field'

/**
 * A format that has all of these items, before the first text of any length: of a line that is cut, the end is lost.
 * What the old one had stays as it is, in its order, but in CLF, whose columns everybody knows: there they come last.
 *
 * @param items `lc=%lc` and the like; those that the format has already are left out
 * @throws FormatError where the format is none
 */
export function advisedFormat(format: string, items: readonly string[]): AdvisedFormat {
  const read = parseLogFormat(format)
  const fields = read.items.filter(isField)
  const openAt = fields.findIndex((field) => OPEN.has(shapeOf(field)))
  const early = new Set(fields.slice(0, openAt < 0 ? undefined : openAt).map(fieldName))
  const all = new Set(fields.map(fieldName))
  const bytesMoved = all.has('B') && !early.has('B')
  const encoded = read.encoding !== 'text'
  const isClf = /^\s*%\{\+Q\}o %\{-Q\}ci - - /.test(format)
  const has = (name: string): boolean =>
    (name === 'B' && !encoded && !isClf ? early : all).has(name) || (name === 'ft' && all.has('f'))
  const wanted = items.map(readWanted).filter(({ item }) => !has(fieldName(onlyField(item))))
  if (wanted.length === 0) return { text: format, bytesMoved: false, bytesLast: false }
  if (encoded)
    return {
      text: `${format.trimEnd()} ${wanted.map(named).join(' ')}`,
      bytesMoved: false,
      bytesLast: false,
    }
  const bytesLast = endsInBytes(read.items)
  const isJson = /^\s*\{\s*"/.test(format)
  if (isJson) {
    const at = format.indexOf('{') + 1
    const members = wanted.map(({ name, item }) => `"${name}":"${item}"`).join(',')
    return { text: `${format.slice(0, at)}${members},${format.slice(at)}`, bytesMoved, bytesLast }
  }
  const at = isClf || openAt < 0 ? format.length : wordStart(format, openAt)
  const flags = flagsBefore(format.slice(0, at))
  const block = wanted.map(({ name, item }) => `${name}=%${flags}${item.slice(1)}`).join(' ')
  if (at === format.length) return { text: `${format.trimEnd()} ${block}`, bytesMoved, bytesLast }
  return { text: `${format.slice(0, at)}${block} ${format.slice(at)}`, bytesMoved, bytesLast }
}

function endsInBytes(items: readonly Item[]): boolean {
  const isBytes = (item: Item): boolean => isField(item) && fieldName(item) === 'B'
  const last = items.findLastIndex(({ kind }) => kind !== 'separator')
  return last >= 0 && items.findIndex(isBytes) === last
}

/** Items that a format doesn't have. @throws FormatError where the format is none */
export function lackingItems(format: string, items: readonly string[]): string[] {
  const names = new Set(parseLogFormat(format).items.filter(isField).map(fieldName))
  return items.filter((text) => !names.has(fieldName(onlyField(readWanted(text).item))))
}

function readWanted(text: string): Wanted {
  const at = text.indexOf('=')
  return { name: text.slice(0, at), item: text.slice(at + 1) }
}

const onlyField = (item: string): Field => parseLogFormat(item).items.find(isField) as Field

/** `%(lc)lc`: the key comes before the item. */
const named = ({ name, item }: Wanted): string => `%(${name})${item.slice(1)}`

/** Where the word begins in which this field stands: a quote or a brace before it belongs to it. */
function wordStart(format: string, field: number): number {
  let at = 0
  for (let next = format.indexOf('%'); next >= 0; next = format.indexOf('%', next + 1)) {
    const before = countFields(format.slice(0, next))
    if (before === field) at = next
    if (before !== undefined && before > field) break
  }
  return format.lastIndexOf(' ', at) + 1
}

/** Undefined where the text ends within a field. */
function countFields(text: string): number | undefined {
  try {
    return parseLogFormat(text).items.filter(isField).length
  } catch {
    return undefined
  }
}

/** Flags that hold for what follows would quote numbers or write them in hexadecimal. */
function flagsBefore(text: string): string {
  const field = parseLogFormat(`${text} %B`).items.filter(isField).at(-1) as Field
  const off = [field.quoted && '-Q', field.escaped && '-E', field.hexadecimal && '-X'].filter(Boolean)
  return off.length === 0 ? '' : `{${off.join(',')}}`
}
