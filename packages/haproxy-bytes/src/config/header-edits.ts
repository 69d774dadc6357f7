import type { Directive, ProxySection } from './config.ts'
import { allOf, lastOf } from './proxies.ts'

/** A name, a value, a colon, a blank and the line end. */
const line = (name: string, value: string): number => name.length + value.length + 4

/** A value that is no fixed text: HAProxy puts 64 bytes in place of most that people log into headers. */
const isFixed = (value: string): boolean => !value.includes('%')

interface Range {
  readonly low?: number
  readonly high?: number
}

const UNKNOWN: Range = {}

const plus = (a: Range, b: Range): Range => ({
  ...(a.low !== undefined && b.low !== undefined && { low: a.low + b.low }),
  ...(a.high !== undefined && b.high !== undefined && { high: a.high + b.high }),
})

const within = (low: number | undefined, high: number | undefined): Range => ({
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
})

const isConditional = (words: readonly string[]): boolean => words.includes('if') || words.includes('unless')

/**
 * Bytes on the wire by which a response's headers differ from those that the server sent, as far as rules alone tell:
 * what a deleted or replaced header had is the server's affair.
 */
export function responseEdits(directives: readonly Directive[], backend: ProxySection): Range {
  let sum: Range = { low: 0, high: 0 }
  for (const { words } of directives) sum = plus(sum, editOf(words))
  return plus(sum, cookieEdit(backend))
}

function editOf(words: readonly string[]): Range {
  const [first, action, name = '', value = ''] = words
  const none: Range = { low: 0, high: 0 }
  if (first === 'rspadd')
    return { low: isConditional(words) ? 0 : (action ?? '').length + 2, high: (action ?? '').length + 2 }
  if (/^rsp(?:i?rep|i?del)$/.test(first ?? '')) return UNKNOWN
  if (first === 'stick' || (first !== 'http-response' && first !== 'http-after-response')) return none
  const added = isFixed(value) ? line(name, value) : undefined
  switch (action) {
    case 'add-header':
      return within(isConditional(words) ? 0 : line(name, isFixed(value) ? value : ''), added)
    case 'set-header':
      // The server may have sent one of any length.
      return within(undefined, added)
    case 'del-header':
    case 'del-headers-bin':
      return within(undefined, 0)
    case 'replace-header':
    case 'replace-value':
    case 'add-headers-bin':
    case 'set-headers-bin':
    case 'lua':
      return UNKNOWN
    default:
      return action?.startsWith('lua.') ? UNKNOWN : none
  }
}

/** `set-cookie: NAME=VALUE; path=/` where a cookie is inserted; what is rewritten or prefixed depends on the server. */
function cookieEdit(backend: ProxySection): Range {
  const words = lastOf(backend.directives, 'cookie')?.words
  if (words === undefined) return { low: 0, high: 0 }
  if (!words.includes('insert')) return UNKNOWN
  const values = allOf(backend.directives, 'server').map(({ words: server }) => {
    const at = server.indexOf('cookie')
    return at < 0 ? '' : (server[at + 1] ?? '')
  })
  const longest = Math.max(0, ...values.map((value) => value.length))
  const attributes = words.reduce((sum, word, at) => sum + attributeBytes(word, words[at + 1] ?? ''), 0)
  // `Cache-control: private` (1.8 to 2.0) with nocache.
  const cacheControl = words.includes('nocache') ? line('Cache-control', 'private') : 0
  return {
    low: 0,
    high: 'set-cookie: =; path=/\r\n'.length + (words[1] ?? '').length + longest + attributes + cacheControl,
  }
}

function attributeBytes(word: string, next: string): number {
  if (word === 'domain') return '; domain='.length + next.length
  if (word === 'attr') return 2 + next.length
  if (word === 'httponly') return '; HttpOnly'.length
  if (word === 'secure') return '; Secure'.length
  return word === 'maxidle' || word === 'maxlife' ? 16 : 0
}
