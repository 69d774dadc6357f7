import { allOf, type Config, type Directive, type ProxySection } from '../config/index.ts'

const URI = 1024
/** All of a line but the URI and what is captured. */
const REST = 1024
const LEAST = 4096
/** A UDP datagram holds no more. */
const MOST = 65_000

/** How long a log line may become, so that none is cut: the URI and each capture have limits of their own. */
export function neededLength({ global, proxies }: Config): number {
  const uri = Number(allOf(global, 'tune.http.logurilen').at(-1)?.words[1] ?? URI) || URI
  const captured = proxies.map(({ directives }) =>
    directives.reduce((sum, { words }) => sum + captureLength(words), 0),
  )
  const needed = uri + REST + Math.max(0, ...captured)
  return Math.min(MOST, Math.max(LEAST, Math.ceil(needed / 1024) * 1024))
}

function captureLength(words: readonly string[]): number {
  const at = words.findIndex((word) => word === 'len' || word === 'length')
  const isCapture = words[0] === 'capture' || words[0] === 'declare' || words[1] === 'capture'
  // Escaped as #XX a byte is three.
  return isCapture && at > 0 ? 3 * (Number(words[at + 1]) || 0) + 1 : 0
}

export const isTarget = ({ words }: { readonly words: readonly string[] }): boolean =>
  words[0] === 'log' && words[1] !== undefined && words[1] !== 'global'

/** The value of an option of a `log` line. */
export function logOption(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name, 2)
  return at < 0 ? undefined : words[at + 1]
}

/** A `log` line that keeps lines whole. */
export function withLength(text: string, words: readonly string[], length: number): string {
  const given = logOption(words, 'len')
  if (given !== undefined && Number(given) >= length) return text
  if (given !== undefined) return text.replace(/(\slen\s+)\S+/, `$1${length}`)
  return text.replace(/^(\s*log\s+(?:"[^"]*"|'[^']*'|(?:\\.|\S)+))/, `$1 len ${length}`)
}

/** Where a proxy's lines go: `log global` stands for those of the global section. */
export function targetsOf({ global }: Config, { directives }: ProxySection): readonly Directive[] {
  const off = directives.findLastIndex(({ words }) => words[0] === 'no' && words[1] === 'log')
  const own = directives.slice(off + 1).filter(({ words }) => words[0] === 'log')
  return own.flatMap((one) => (one.words[1] === 'global' ? allOf(global, 'log') : [one]))
}
