/** `module(...)`, `input(...)`, `action(...)` and the like, where it stands in the text. */
export interface RsyslogObject {
  readonly kind: string
  /** Names in lower case: rsyslog doesn't tell them apart. */
  readonly parameters: ReadonlyMap<string, string>
  readonly from: number
  readonly to: number
  readonly line: number
}

/** `$Name value`, in what rsyslog calls its obsolete legacy format. */
export interface RsyslogDirective {
  readonly name: string
  readonly value: string
  readonly from: number
  readonly to: number
  readonly line: number
}

/** A rule of the old kind: a selector or filter, and what is done. */
export interface RsyslogRule {
  readonly text: string
  readonly line: number
}

export interface RsyslogConfig {
  readonly objects: readonly RsyslogObject[]
  readonly directives: readonly RsyslogDirective[]
  readonly rules: readonly RsyslogRule[]
  /** Lines of which nothing was understood. */
  readonly unknown: readonly RsyslogRule[]
}

const OBJECT =
  /\b(module|input|global|main_queue|action|ruleset|template|parser|timezone|lookup_table|dyn_stats|include)\s*\(/g
const PARAMETER = /([A-Za-z][\w.]*)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s")]+)|\[[^\]]*\])/g
/** `local0.*`, `*.info;mail.none`, `:programname, startswith, "haproxy"`, `& stop`, `if ... then`, braces. */
const RULE =
  /^(?:[a-z0-9*,]+\.[=!a-z0-9*]+|:[\w$-]+\s*,|&|if\b|else\b|then\b|stop\b|~|[{}]|-?\/|@|call\b|set\b|unset\b|foreach\b|constant\b|list\b|string\b|property\b|!|\+|-\w)/i

/**
 * Reads rsyslog's configuration as far as loss depends on it: limits, queues, sizes, and where lines go. In both
 * languages, which people mix. Never throws.
 */
export function parseRsyslog(source: string): RsyslogConfig {
  const text = withoutComments(source)
  const lineAt = (at: number): number => source.slice(0, at).split('\n').length
  const objects: RsyslogObject[] = []
  let rest = text
  for (const match of text.matchAll(OBJECT)) {
    const from = match.index
    const to = closing(text, from + match[0].length)
    if (objects.some((one) => from < one.to)) continue
    const parameters = new Map(
      [...text.slice(from + match[0].length, to - 1).matchAll(PARAMETER)].map(([, name = '', ...values]) => [
        name.toLowerCase(),
        values.find((value) => value !== undefined) ?? '',
      ]),
    )
    objects.push({ kind: match[1] as string, parameters, from, to, line: lineAt(from) })
    rest = rest.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + rest.slice(to)
  }
  const [directives, rules, unknown]: [RsyslogDirective[], RsyslogRule[], RsyslogRule[]] = [[], [], []]
  let at = 0
  for (const raw of rest.split('\n')) {
    const [, name, value] = /^\s*\$(\w+)\s*(.*?)\s*$/.exec(raw) ?? []
    const line = lineAt(at)
    const shown = raw.trim()
    if (name !== undefined) directives.push({ name, value: value ?? '', from: at, to: at + raw.length, line })
    else if (shown !== '') (RULE.test(shown) ? rules : unknown).push({ text: shown, line })
    at += raw.length + 1
  }
  return { objects, directives, rules, unknown }
}

/** Places stay where they are. */
function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*/g, (part) =>
    part.startsWith('#') ? ' '.repeat(part.length) : part,
  )
}

function closing(text: string, from: number): number {
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === ')') return at + 1
  }
  return text.length
}

/** The text of an object with a parameter set. */
export function withParameter(object: string, name: string, value: string): string {
  const given = new RegExp(`(\\b${name.replaceAll('.', '\\.')}\\s*=\\s*)(?:"[^"]*"|'[^']*'|[^\\s)]+)`, 'i')
  if (given.test(object)) return object.replace(given, `$1"${value}"`)
  return object.replace(/\s*\)$/, ` ${name}="${value}")`)
}
