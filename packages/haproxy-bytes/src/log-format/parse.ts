import { ALIASES } from './aliases.ts'
import { FormatError } from './format-error.ts'
import type { Encoding, Field, Item, ItemFlags, LogFormat } from './item.ts'

const PLAIN: ItemFlags = {
  quoted: false,
  escaped: false,
  hexadecimal: false,
  mandatory: false,
  encoding: 'text',
}
const LONGEST_FIRST = [...ALIASES.keys()].sort((a, b) => b.length - a.length)

/**
 * Reads a log-format string, as it stands in a configuration once quotes and backslashes of the configuration are
 * resolved. @throws FormatError with the offset, for an unknown alias, flag or an open bracket
 */
export function parseLogFormat(text: string): LogFormat {
  const items: Item[] = []
  let common = PLAIN
  let literal = ''
  const flush = (): void => {
    if (literal !== '') items.push({ kind: 'literal', text: literal })
    literal = ''
  }
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') {
      flush()
      if (items.length > 0 && items.at(-1)?.kind !== 'separator') items.push({ kind: 'separator' })
      at++
    } else if (char !== '%') {
      literal += char
      at++
    } else if (text[at + 1] === '%') {
      literal += '%'
      at += 2
    } else {
      const read = readField(text, at, common)
      at = read.end
      if (read.field.alias === 'o') {
        common = flagsOf(read.field)
        continue
      }
      flush()
      items.push(read.field)
    }
  }
  flush()
  return { text, items, encoding: common.encoding }
}

/**
 * Reads a log-format string that a program or a command line gave, as text and not as the bytes of a file: in lines it
 * stands as UTF-8. @throws FormatError with the offset in this very text
 */
export function parseFormatText(text: string): LogFormat {
  const format = parseLogFormat(text)
  const bytes = Buffer.from(text).toString('latin1')
  return bytes === text ? format : parseLogFormat(bytes)
}

function flagsOf({ quoted, escaped, hexadecimal, mandatory, encoding }: ItemFlags): ItemFlags {
  return { quoted, escaped, hexadecimal, mandatory, encoding }
}

/** `%(name:type){flags}alias` or `%(name){flags}[fetch]`; the name comes first (3.0). */
function readField(text: string, start: number, common: ItemFlags): { field: Field; end: number } {
  let at = start + 1
  let named: { name?: string; type?: string } = {}
  let flags = common
  if (text[at] === '(') {
    const end = closing(text, at, ')', start)
    const [name = '', type] = text.slice(at + 1, end).split(':')
    named = { ...(name !== '' && { name }), ...(type !== undefined && { type }) }
    at = end + 1
  }
  if (text[at] === '{') {
    const end = closing(text, at, '}', start)
    flags = withFlags(common, text.slice(at + 1, end), text, at)
    at = end + 1
  }
  if (text[at] === '[') {
    const end = expressionEnd(text, at, start)
    const fetch = text.slice(at + 1, end).trim()
    if (fetch === '') throw new FormatError('empty-expression', text, start)
    return { field: { kind: 'field', fetch, ...named, ...flags }, end: end + 1 }
  }
  const alias = text[at] === 'o' ? 'o' : LONGEST_FIRST.find((candidate) => text.startsWith(candidate, at))
  const word = /^[A-Za-z0-9]*/.exec(text.slice(at))?.[0] ?? ''
  if (alias === undefined || alias !== word) throw new FormatError('unknown-alias', text, start, word)
  return { field: { kind: 'field', alias, ...named, ...flags }, end: at + alias.length }
}

function closing(text: string, from: number, bracket: string, start: number): number {
  const end = text.indexOf(bracket, from)
  if (end < 0) throw new FormatError('open-bracket', text, start, bracket)
  return end
}

/** Expressions may hold brackets of their own, in quotes or in a regular expression: the first that is not nested. */
function expressionEnd(text: string, from: number, start: number): number {
  let depth = 0
  let quote = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ']' && depth <= 0) return at
  }
  throw new FormatError('open-bracket', text, start, ']')
}

const ENCODINGS: Readonly<Record<string, Encoding>> = { json: 'json', cbor: 'cbor' }

function withFlags(common: ItemFlags, list: string, text: string, at: number): ItemFlags {
  const flags: { -readonly [Key in keyof ItemFlags]: ItemFlags[Key] } = { ...common }
  let raw = false
  for (const part of list.split(',').map((one) => one.trim())) {
    if (part === '') continue
    const on = part[0] !== '-'
    const name = part.replace(/^[+-]/, '')
    if (name === 'Q') flags.quoted = on
    else if (name === 'E') flags.escaped = on
    else if (name === 'X') flags.hexadecimal = on
    else if (name === 'M') flags.mandatory = on
    else if (name === 'bin') raw = on
    else if (name in ENCODINGS) flags.encoding = on ? (ENCODINGS[name] as Encoding) : 'text'
    else throw new FormatError('unknown-flag', text, at, name)
  }
  if (raw && flags.encoding === 'cbor') flags.encoding = 'cbor-raw'
  return flags
}
