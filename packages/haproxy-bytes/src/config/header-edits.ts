import type { Directive, ProxySection } from './config.ts'
import { allOf, lastOf } from './proxies.ts'

/** A name, a value, a colon, a blank and the line end. */
const line = (name: string, value: string): number => name.length + value.length + 4

/** A value that is no fixed text: HAProxy puts 64 bytes in place of most that people log into headers. */
const isFixed = (value: string): boolean => !value.includes('%')

/** Bytes; without an end it depends on what servers send. */
export interface EditRange {
  readonly low?: number
  readonly high?: number
}

/** What rules and cookies do to the headers of one response, bytes on the wire. */
export interface ResponseEdits {
  /** Headers that rules add. */
  readonly added: EditRange
  /** Headers that rules delete or change. */
  readonly deleted: EditRange
  /** `Set-Cookie` where a cookie is inserted, and what goes with it; where one is rewritten, what changes. */
  readonly cookies: EditRange
  /** One cookie that was inserted. */
  readonly insertion: EditRange
}

const UNKNOWN: EditRange = {}

const plus = (a: EditRange, b: EditRange): EditRange => ({
  ...(a.low !== undefined && b.low !== undefined && { low: a.low + b.low }),
  ...(a.high !== undefined && b.high !== undefined && { high: a.high + b.high }),
})

const isConditional = (words: readonly string[]): boolean => words.includes('if') || words.includes('unless')

const NOTHING: EditRange = { low: 0, high: 0 }
type RuleEdits = Pick<ResponseEdits, 'added' | 'deleted'>
const NO_EDITS: RuleEdits = { added: NOTHING, deleted: NOTHING }

/**
 * Bytes on the wire by which a response's headers differ from those that the server sent, as far as rules alone tell:
 * what a deleted or replaced header had is the server's affair.
 */
export function responseEdits(directives: readonly Directive[], backend: ProxySection): ResponseEdits {
  const rules = directives.map(({ words }) => editOf(words))
  const sum = (part: keyof RuleEdits): EditRange =>
    rules.reduce((all, rule) => plus(all, rule[part]), NOTHING)
  return { added: sum('added'), deleted: sum('deleted'), ...cookieEdits(backend) }
}

/** All of them together. */
export const allEdits = ({ added, deleted, cookies }: ResponseEdits): EditRange =>
  plus(plus(added, deleted), cookies)

function editOf(words: readonly string[]): RuleEdits {
  const [first, action, name = '', value = ''] = words
  const added = (least: number, most: number | undefined): EditRange => ({
    low: isConditional(words) ? 0 : least,
    ...(most !== undefined && { high: most }),
  })
  if (first === 'rspadd') {
    const bytes = (action ?? '').length + 2
    return { ...NO_EDITS, added: added(bytes, bytes) }
  }
  if (/^rsp(?:i?rep|i?del)$/.test(first ?? '')) return { ...NO_EDITS, deleted: UNKNOWN }
  if (first !== 'http-response' && first !== 'http-after-response') return NO_EDITS
  const header = isFixed(value)
    ? added(line(name, value), line(name, value))
    : added(line(name, ''), undefined)
  switch (action) {
    case 'add-header':
      return { ...NO_EDITS, added: header }
    case 'set-header':
      // The server may have sent one of any length.
      return { ...NO_EDITS, added: header, deleted: { high: 0 } }
    case 'del-header':
    case 'del-headers-bin':
      return { ...NO_EDITS, deleted: { high: 0 } }
    case 'replace-header':
    case 'replace-value':
    case 'add-headers-bin':
    case 'set-headers-bin':
    case 'lua':
      return { ...NO_EDITS, deleted: UNKNOWN }
    default:
      return action?.startsWith('lua.') ? { ...NO_EDITS, deleted: UNKNOWN } : NO_EDITS
  }
}

/** `set-cookie: NAME=VALUE; path=/` where a cookie is inserted; what is rewritten or prefixed depends on the server. */
function cookieEdits(backend: ProxySection): Pick<ResponseEdits, 'cookies' | 'insertion'> {
  const words = lastOf(backend.directives, 'cookie')?.words
  if (words === undefined) return { cookies: NOTHING, insertion: NOTHING }
  if (!words.includes('insert')) return { cookies: UNKNOWN, insertion: UNKNOWN }
  const values = allOf(backend.directives, 'server').map(({ words: server }) => {
    const at = server.indexOf('cookie')
    return at < 0 ? '' : (server[at + 1] ?? '')
  })
  const lengths = values.length === 0 ? [0] : values.map((value) => value.length)
  const attributes = words.map((word, at) => attributeBytes(word, words[at + 1] ?? ''))
  const fixed = 'set-cookie: =; path=/\r\n'.length + (words[1] ?? '').length
  // `Cache-control: private` (1.8 to 2.0) with nocache.
  const cacheControl = words.includes('nocache') ? line('Cache-control', 'private') : 0
  const all = attributes.reduce((sum, bytes) => sum + bytes, 0)
  // A date is only there where the server didn't ask for another.
  const least = words.includes('maxidle') || words.includes('maxlife') ? 0 : all
  const high = fixed + Math.max(...lengths) + all + cacheControl
  return { cookies: { low: 0, high }, insertion: { low: fixed + Math.min(...lengths) + least, high } }
}

function attributeBytes(word: string, next: string): number {
  if (word === 'domain') return '; domain='.length + next.length
  if (word === 'attr') return 2 + next.length
  if (word === 'httponly') return '; HttpOnly'.length
  if (word === 'secure') return '; Secure'.length
  return word === 'maxidle' || word === 'maxlife' ? 16 : 0
}
