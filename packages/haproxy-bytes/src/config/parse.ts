import { FORMAT_VARIABLES, KNOWN_FORMATS } from '../log-format/index.ts'
import type { Config, ConfigProblem, Directive, Section } from './config.ts'
import { resolveProxies } from './proxies.ts'
import { tokenise, type Variables } from './tokenise.ts'

/** Words that begin a section (src/cfgparse*.c, 1.8 to 3.5). */
const SECTIONS = new Set([
  'global',
  'defaults',
  'frontend',
  'backend',
  'listen',
  'cache',
  'crt-store',
  'fcgi-app',
  'http-errors',
  'log-forward',
  'log-profile',
  'mailers',
  'peers',
  'program',
  'resolvers',
  'ring',
  'traces',
  'userlist',
  'acme',
])

/**
 * Reads a configuration, or several files of one joined. Never throws: what can't be read is a problem, the rest is
 * taken. `${HAPROXY_HTTP_LOG_FMT}` and its like are resolved by our own table, other variables by `environment`,
 * which by default knows none: those of the reader's machine are not those of HAProxy's.
 */
export function parseConfig(text: string, environment: Variables = () => undefined): Config {
  const variables = withSetVariables(text, environment)
  const sections: (Section & { directives: Directive[] })[] = []
  const problems: ConfigProblem[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1
    const { words, problem } = tokenise(raw, variables)
    if (problem) problems.push({ code: 'tokens', line, text: problem })
    const [first, second, ...rest] = words
    if (first === undefined) continue
    if (/^\.(?:if|elif|else|endif)$/.test(first))
      problems.push({ code: 'condition', line, text: words.join(' ') })
    if (first.startsWith('.')) continue
    if (SECTIONS.has(first)) {
      const from = rest[0] === 'from' ? rest[1] : second === 'from' ? rest[0] : undefined
      const name = second === 'from' ? undefined : second
      sections.push({
        kind: first,
        line,
        directives: [],
        ...(name !== undefined && { name }),
        ...(from !== undefined && { from }),
      })
    } else if (sections.length === 0) problems.push({ code: 'before-section', line, text: words.join(' ') })
    else sections.at(-1)?.directives.push({ line, words })
  }
  const { proxies, problems: inherited } = resolveProxies(sections)
  const global = sections.filter(({ kind }) => kind === 'global').flatMap(({ directives }) => directives)
  return { sections, proxies, global, problems: [...problems, ...inherited] }
}

const SET = /^\s*(setenv|presetenv)\s+(\S+)\s+(\S.*?)\s*$/

/** `setenv` and `presetenv` in the file itself hold for what follows; formats by our own table, before anything else. */
function withSetVariables(text: string, environment: Variables): Variables {
  const set = new Map<string, string>()
  const variables: Variables = (name) => {
    const format = Object.hasOwn(FORMAT_VARIABLES, name) ? FORMAT_VARIABLES[name] : undefined
    return format ? KNOWN_FORMATS[format] : (set.get(name) ?? environment(name))
  }
  for (const line of text.split(/\r?\n/)) {
    const [, how, name, value] = SET.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    if (how === 'setenv' || variables(name) === undefined)
      set.set(name, tokenise(value, variables).words.join(' '))
  }
  return variables
}
