import { type Config, hasOption, logFormats, type ProxySection, type Section } from '../config/index.ts'
import { FORMAT_VARIABLES, FormatError, KNOWN_FORMATS } from '../log-format/index.ts'
import { type AdvisedFields, advisedFields, type Version } from '../model/index.ts'
import type { AdviceFinding, AdvisedSection } from './advice.ts'
import { advisedFormat, lackingItems } from './advised-format.ts'
import { finding } from './haproxy-findings.ts'
import { isTarget, targetsOf, withLength } from './log-lines.ts'
import { quoted, type SourceLine, type SourceSection, sectionName, sourceSections } from './source-lines.ts'

export interface SectionsOptions {
  readonly file: string
  readonly version?: Version | undefined
  /** Bytes that a log line may have. */
  readonly length: number
}

const FIRST = '# haproxy-bytes: lengths before any other rule'
const LAST = '# haproxy-bytes: lengths after all rules'
/** What every format is to have, beside what the model asks for. */
const HTTP_ITEMS = [
  'B=%B',
  'U=%U',
  'status=%ST',
  'state=%tsc',
  'lc=%lc',
  'client=%ci',
  'server=%s',
  'frontend=%ft',
]
const TCP_ITEMS = ['B=%B', 'U=%U', 'state=%ts', 'lc=%lc', 'frontend=%ft']

/** Rewrites sections so that bytes on the wire follow from each line, and a lost line shows. */
export function haproxySections(
  text: string,
  config: Config,
  options: SectionsOptions,
): { sections: AdvisedSection[]; findings: AdviceFinding[] } {
  const fields = advisedFields(options.version)
  const findings: AdviceFinding[] = []
  const rewriter = new Rewriter(config, fields, options, findings)
  const sections = sourceSections(text, config).flatMap((source): AdvisedSection[] => {
    const rewritten = rewriter.rewrite(source)
    const old = [source.header, ...source.body.map((line) => line.text)].join('\n')
    if (rewritten === undefined || rewritten === old) return []
    return [
      {
        target: 'haproxy',
        name: sectionName(source.section),
        replaces: { first: source.first, last: source.last },
        text: rewritten,
      },
    ]
  })
  return { sections, findings }
}

class Rewriter {
  readonly #config: Config
  readonly #fields: AdvisedFields
  readonly #options: SectionsOptions
  readonly #findings: AdviceFinding[]
  readonly #formats: ReadonlyMap<string, string | undefined>
  readonly #sets: ReadonlySet<string>

  constructor(config: Config, fields: AdvisedFields, options: SectionsOptions, findings: AdviceFinding[]) {
    this.#config = config
    this.#fields = fields
    this.#options = options
    this.#findings = findings
    this.#formats = new Map(logFormats(config).map(({ proxy, format }) => [proxy, format]))
    const setting = config.global.filter(({ words }) => words[0] === 'setenv' || words[0] === 'presetenv')
    this.#sets = new Set([...Object.keys(FORMAT_VARIABLES), ...setting.map(({ words }) => words[1] ?? '')])
  }

  rewrite(source: SourceSection): string | undefined {
    const { section } = source
    const proxy = this.#config.proxies.find(({ line }) => line === section.line)
    if (proxy) return this.#proxy(source, proxy)
    if (section.kind === 'defaults') return this.#defaults(source)
    if (section.kind === 'global') return written(source, [], this.#lengthened(source.body), [])
    if (section.kind === 'ring') return written(source, [], this.#ring(source), [])
    return undefined
  }

  #proxy(source: SourceSection, proxy: ProxySection): string {
    const isHttp = proxy.mode === 'http' && this.#fields.lacks === 'none'
    const fromDefaults = rulesOf(this.#defaultsOf(source.section))
    const first: string[] = []
    if (isHttp && proxy.kind !== 'backend' && !fromDefaults.has('http-request'))
      first.push(...this.#fields.frontendFirst)
    if (isHttp && proxy.kind !== 'frontend' && !fromDefaults.has('http-response'))
      first.push(...this.#fields.backendFirst)
    const accepts = proxy.kind !== 'backend' && (proxy.mode === 'http' || proxy.mode === 'tcp')
    const last = isHttp && accepts ? this.#fields.frontendLast : []
    const body = this.#lengthened(withoutOwn(source.body))
    if (!accepts) return written(source, first, body, last)
    const { kept, format } = this.#withFormat(body, proxy, source)
    return written(source, first, [...kept, ...format], last)
  }

  /** Rules of a defaults section come before those of any proxy that takes it. */
  #defaults(source: SourceSection): string | undefined {
    const rules = rulesOf(source.section)
    const body = this.#lengthened(withoutOwn(source.body))
    const first: string[] = []
    if (this.#fields.lacks === 'none') {
      if (rules.has('http-request') && this.#isUsedBy(source.section, 'frontend'))
        first.push(...this.#fields.frontendFirst)
      if (rules.has('http-response') && this.#isUsedBy(source.section, 'backend'))
        first.push(...this.#fields.backendFirst)
    }
    if (first.length > 0)
      this.#findings.push(
        finding('rules-in-defaults', this.#options.file, source.first, sectionName(source.section)),
      )
    return written(source, first, body, [])
  }

  #withFormat(
    body: readonly string[],
    proxy: ProxySection,
    { section, indent }: SourceSection,
  ): { kept: string[]; format: string[] } {
    const { file } = this.#options
    const name = sectionName(section)
    const isOff = targetsOf(this.#config, proxy).length === 0 && proxy.directives.some(isNoLog)
    if (isOff) return { kept: [...body], format: [] }
    const kept: string[] = []
    let old: string | undefined
    for (const text of body) {
      const words = firstWords(text)
      if (words[0] === 'log-format') old = text
      const isFormat =
        words[0] === 'log-format' || (words[0] === 'option' && /^(?:http|tcp|https)log$/.test(words[1] ?? ''))
      const isTrap = words[0] === 'option' && (words[1] === 'logasap' || words[1] === 'dontlog-normal')
      if (!isFormat && !isTrap) kept.push(text)
    }
    const format: string[] = []
    for (const option of ['logasap', 'dontlog-normal'])
      if (
        hasOption(
          proxy.directives.filter((one) => !proxy.own.includes(one)),
          option,
        ) &&
        !kept.some((text) => firstWords(text).join(' ') === `no option ${option}`)
      )
        format.push(`${indent}no option ${option}`)
    if (targetsOf(this.#config, proxy).length === 0)
      format.push(
        this.#config.global.some(isTarget)
          ? `${indent}log global`
          : `${indent}log /dev/log len ${this.#options.length} local0`,
      )
    const current = this.#formats.get(proxy.name)
    const items = proxy.mode === 'http' ? [...HTTP_ITEMS, ...this.#fields.items] : TCP_ITEMS
    const unknown = old === undefined ? undefined : this.#unknownVariable(old)
    if (unknown !== undefined && old !== undefined) {
      this.#findings.push(finding('unknown-variable', file, section.line, name, { variable: unknown }))
      format.push(appended(old, lackingItems(current ?? '', items)))
      return { kept, format }
    }
    if (current === undefined) this.#findings.push(finding('no-format', file, section.line, name))
    try {
      const base = current ?? KNOWN_FORMATS[proxy.mode === 'http' ? 'http' : 'tcp']
      const advised = advisedFormat(base, items)
      if (advised.bytesMoved) this.#findings.push(finding('bytes-after-text', file, section.line, name))
      if (advised.bytesLast) this.#findings.push(finding('bytes-last', file, section.line, name))
      format.push(`${indent}log-format ${quoted(advised.text)}`)
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      this.#findings.push(finding('not-understood', file, section.line, name, { text: error.message }))
      if (old !== undefined) format.push(old)
    }
    return { kept, format }
  }

  #lengthened(body: readonly SourceLine[]): string[] {
    return body.map(({ text, words }) =>
      isTarget({ words }) ? withLength(text, words, this.#options.length) : text,
    )
  }

  /** A ring cuts what is longer than its own limit. */
  #ring({ body, indent, section }: SourceSection): string[] {
    const { length } = this.#options
    const used = this.#config.proxies.some((proxy) =>
      targetsOf(this.#config, proxy).some(({ words }) => words[1] === `ring@${section.name}`),
    )
    if (!used) return body.map(({ text }) => text)
    const limit = body.find(({ words }) => words[0] === 'maxlen')
    if (limit && Number(limit.words[1]) >= length) return body.map(({ text }) => text)
    const rest = body.filter((line) => line !== limit).map(({ text }) => text)
    return [`${indent}maxlen ${length}`, ...rest]
  }

  #unknownVariable(text: string): string | undefined {
    const named = [...text.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = '']) => name)
    return named.find((name) => !this.#sets.has(name))
  }

  #defaultsOf({ from }: Section): Section | undefined {
    return from === undefined
      ? undefined
      : this.#config.sections.find(({ kind, name }) => kind === 'defaults' && name === from)
  }

  #isUsedBy({ name }: Section, kind: string): boolean {
    return name !== undefined && this.#config.sections.some((one) => one.kind === kind && one.from === name)
  }
}

const isNoLog = ({ words }: { readonly words: readonly string[] }): boolean =>
  words[0] === 'no' && words[1] === 'log'

const firstWords = (text: string): string[] => text.trim().split(/\s+/)

const rulesOf = (section: Section | undefined): ReadonlySet<string | undefined> =>
  new Set((section?.directives ?? []).map(({ words }) => words[0]))

/** What an earlier advice put there is made anew. */
const withoutOwn = (body: readonly SourceLine[]): SourceLine[] =>
  body.filter(
    ({ text, words }) =>
      !words.some((word) => word.startsWith('set-var(txn.hb_')) && ![FIRST, LAST].includes(text.trim()),
  )

function written(
  { header, indent }: SourceSection,
  first: readonly string[],
  body: readonly string[],
  last: readonly string[],
): string {
  const block = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines].map((line) => `${indent}${line}`)
  return [header, ...block(FIRST, first), ...body, ...block(LAST, last)].join('\n')
}

/** A format of which a variable is not known: it stays, and what it lacks comes behind it. */
function appended(text: string, items: readonly string[]): string {
  if (items.length === 0) return text
  const trimmed = text.trimEnd()
  return /["']$/.test(trimmed)
    ? `${trimmed.slice(0, -1)} ${items.join(' ')}${trimmed.at(-1)}`
    : `${trimmed}\\ ${items.join('\\ ')}`
}
