import type { ConfigProblem, Directive, ProxySection, Section } from './config.ts'

const PROXY_KINDS = new Set(['frontend', 'backend', 'listen'])

/** Gives every proxy what its defaults say: the section named by `from`, else the last one before it. */
export function resolveProxies(sections: readonly Section[]): {
  proxies: ProxySection[]
  problems: ConfigProblem[]
} {
  const problems: ConfigProblem[] = []
  const named = new Map<string, readonly Directive[]>()
  const proxies: ProxySection[] = []
  let current: readonly Directive[] = []
  for (const section of sections) {
    if (section.kind === 'defaults') {
      const base = section.from === undefined ? [] : inherited(section, named, problems)
      current = [...base, ...section.directives]
      if (section.name !== undefined) named.set(section.name, current)
    } else if (PROXY_KINDS.has(section.kind) && section.name !== undefined) {
      const base = section.from === undefined ? current : inherited(section, named, problems)
      const directives = [...base, ...section.directives]
      proxies.push({
        kind: section.kind as ProxySection['kind'],
        name: section.name,
        line: section.line,
        mode: modeOf(directives),
        directives,
        own: section.directives,
      })
    }
  }
  return { proxies, problems }
}

function inherited(
  { from, line }: Section,
  named: ReadonlyMap<string, readonly Directive[]>,
  problems: ConfigProblem[],
): readonly Directive[] {
  const found = named.get(from as string)
  if (!found) problems.push({ code: 'unknown-defaults', line, text: from as string })
  return found ?? []
}

/** `health` and `syslog` proxies exist too; without a word it is tcp. */
function modeOf(directives: readonly Directive[]): string {
  return lastOf(directives, 'mode')?.words[1] ?? 'tcp'
}

/** The last directive with these first words: the one that counts. */
export function lastOf(directives: readonly Directive[], ...words: readonly string[]): Directive | undefined {
  return directives.filter((directive) => begins(directive, words)).at(-1)
}

export function allOf(directives: readonly Directive[], ...words: readonly string[]): Directive[] {
  return directives.filter((directive) => begins(directive, words))
}

function begins({ words }: Directive, wanted: readonly string[]): boolean {
  return wanted.every((word, index) => words[index] === word)
}

/** `option NAME`, unless a later `no option NAME` takes it back; `default option NAME` too. */
export function hasOption(directives: readonly Directive[], name: string): boolean {
  let on = false
  for (const { words } of directives) {
    if (words[0] === 'option' && words[1] === name) on = true
    else if ((words[0] === 'no' || words[0] === 'default') && words[1] === 'option' && words[2] === name)
      on = false
  }
  return on
}
