import type { Random } from '../random.ts'
import { COUNTED_ALIASES, HTTP_ALIASES, HTTP_FETCHES, TCP_ALIASES, TCP_FETCHES } from './vocabulary.ts'

export interface Flags {
  readonly Q: boolean
  readonly E: boolean
  readonly X: boolean
}

/** One item of a made format, with the flags that hold for it. */
export type MadeItem =
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly isFetch: boolean; readonly flags: Flags }

export interface MadeFormat {
  /** As log-format takes it, before quotes of the configuration. */
  readonly text: string
  readonly items: readonly MadeItem[]
}

const NONE: Flags = { Q: false, E: false, X: false }
const BETWEEN = [
  '/',
  ':',
  '|',
  ',',
  ';',
  '=',
  ' ',
  ' ',
  ' ',
  ' - ',
  '" "',
  '","',
  '} {',
  '][',
  ' % ',
  '\\',
  "'",
]
const ODD = ['é', '→', '%B', '#7C', '<>', '--', '0', 'x=', '{}', '""', '[', '$', '\\"', '-1', ' 200 ', '+']

/** Writes items down as it goes, as HAProxy reads them: blanks merge, `%{...}o` holds for all that follow. */
class Writer {
  readonly items: MadeItem[] = []
  text = ''
  common = NONE
  /** A letter that followed would be part of an alias. */
  #named = false
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  literal(text: string): void {
    for (const part of text.split(/( +)/).filter((one) => one !== '')) {
      const last = this.items.at(-1)
      if (part[0] === ' ') {
        this.#named = false
        this.text += this.#random.below(20) === 0 ? '  ' : ' '
        if (last && last.kind !== 'blank') this.items.push({ kind: 'blank' })
        continue
      }
      const safe = this.#named && /^[A-Za-z0-9]/.test(part) ? `_${part}` : part
      this.#named = false
      this.text += safe.replaceAll('%', '%%')
      if (last?.kind === 'text') this.items[this.items.length - 1] = { kind: 'text', text: last.text + safe }
      else this.items.push({ kind: 'text', text: safe })
    }
  }

  field(name: string, changed: Partial<Flags> = {}): void {
    const isFetch = HTTP_FETCHES.includes(name)
    this.#named = !isFetch
    const flags = { ...this.common, ...changed }
    this.text += `%${written(changed)}${isFetch ? `[${name}]` : name}`
    this.items.push({ kind: 'field', name, isFetch, flags })
  }

  all(changed: Partial<Flags>): void {
    this.common = { ...this.common, ...changed }
    this.text += `%${written(changed)}o`
    this.#named = true
  }
}

export const written = (flags: Partial<Flags>): string => {
  const list = Object.entries(flags).map(([name, on]) => `${on ? '+' : '-'}${name}`)
  return list.length === 0 ? '' : `{${list.join(',')}}`
}

function someFlags(random: Random): Partial<Flags> {
  const flags: { -readonly [Name in keyof Flags]?: boolean } = {}
  for (const name of ['Q', 'E', 'X'] as const) if (random.below(3) === 0) flags[name] = random.below(4) > 0
  return flags
}

type Namer = () => string

function literal(random: Random): string {
  const kinds = random.below(10)
  if (kinds === 0) return ''
  if (kinds < 3) return `${random.pick(BETWEEN)}${random.pick(ODD)}${random.pick(BETWEEN)}`
  return random.pick(BETWEEN)
}

function soup(writer: Writer, names: readonly string[], random: Random): void {
  if (random.below(3) === 0) writer.literal(random.pick(ODD))
  for (const name of names) {
    if (random.below(12) === 0) writer.all(someFlags(random))
    writer.field(name, random.below(4) === 0 ? someFlags(random) : {})
    writer.literal(literal(random))
  }
}

function keyed(writer: Writer, names: readonly string[], random: Random): void {
  const [is, end] = random.pick([
    ['=', ' '],
    [': ', ' | '],
    ['=<', '> '],
    [':', ','],
  ] as const)
  if (random.below(2) === 0) writer.all({ Q: true })
  for (const [at, name] of names.entries()) {
    writer.literal(`${at === 0 ? '' : end}k${at}${is}`)
    writer.field(name)
  }
}

function handmadeJson(writer: Writer, names: readonly string[], random: Random): void {
  const quote = random.below(2) === 0
  writer.literal('{')
  for (const [at, name] of names.entries()) {
    writer.literal(`${at === 0 ? '' : ', '}"n${at}":${quote ? '"' : ' '}`)
    writer.field(name, random.below(3) === 0 ? { E: true, Q: !quote } : {})
    if (quote) writer.literal('"')
  }
  writer.literal('}')
}

function commonLog(writer: Writer, names: readonly string[], random: Random): void {
  writer.all({ Q: true })
  writer.field('ci', { Q: false })
  writer.literal(' - - [')
  writer.field(random.pick(['T', 't', 'Tl']))
  writer.literal('] ')
  for (const name of names) {
    writer.field(name)
    writer.literal(' ')
  }
}

/** `option httplog` and its like, with something else in the midst. */
function likeHttplog(writer: Writer, names: readonly string[], random: Random, mode: 'http' | 'tcp'): void {
  const middle = random.below(names.length + 1)
  const head = mode === 'http' ? 'ci:cp [tr] ft b/s TR/Ta' : 'ci:cp [t] ft b/s Tw/Tt'
  const counted = mode === 'http' ? ['ST', 'B'] : ['B', 'ts']
  for (const part of head.split(/([^A-Za-z]+)/)) {
    if (/^[A-Za-z]/.test(part)) writer.field(part)
    else writer.literal(part)
  }
  for (const name of [...names.slice(0, middle), ...counted, ...names.slice(middle)]) {
    writer.literal(' ')
    writer.field(name)
  }
  if (mode === 'tcp' || random.below(2) === 0) return
  for (const name of ['hr', 'hs', 'r']) {
    writer.literal(' ')
    writer.field(name, name === 'r' ? { Q: true } : {})
  }
}

const STYLES = [soup, soup, keyed, handmadeJson, commonLog, likeHttplog, likeHttplog]

/** A log-format that HAProxy 2.6 accepts in this mode; nearly all have %B, before or after what a client writes. */
export function makeFormat(random: Random, mode: 'http' | 'tcp'): MadeFormat {
  const [aliases, fetches] = mode === 'http' ? [HTTP_ALIASES, HTTP_FETCHES] : [TCP_ALIASES, TCP_FETCHES]
  const counted = COUNTED_ALIASES.filter((name) => aliases.includes(name))
  const name: Namer = () => random.pick(random.pick([counted, aliases, aliases, fetches]))
  const names = Array.from({ length: 2 + random.below(14) }, name)
  const style = random.pick(STYLES)
  if (style !== likeHttplog && random.below(20) > 0) names.splice(random.below(names.length + 1), 0, 'B')
  const writer = new Writer(random)
  style(writer, names, random, mode)
  return { text: writer.text, items: writer.items }
}
