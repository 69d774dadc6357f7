import { type Config, hasOption, type ProxySection } from '../config/index.ts'
import type { Version } from '../model/index.ts'
import { isAtLeast } from '../model/version.ts'
import type { AdviceCode, AdviceFinding } from './advice.ts'
import { isTarget, logOption, targetsOf } from './log-lines.ts'

/** Traps of a configuration: what makes its log a wrong bill, whatever the format. */
export function haproxyFindings(
  config: Config,
  file: string,
  length: number,
  version?: Version,
): AdviceFinding[] {
  return [
    ...(version ? versionFindings(file, version) : []),
    ...config.problems.map(({ line, text }) => finding('not-understood', file, line, undefined, { text })),
    ...config.proxies.flatMap((proxy) => proxyFindings(config, proxy, file, length)),
  ].filter(isFirst)
}

const isFirst = (one: AdviceFinding, at: number, all: readonly AdviceFinding[]): boolean =>
  all.findIndex(({ code, line }) => code === one.code && line === one.line) === at || one.line === undefined

export const finding = (
  code: AdviceCode,
  file: string,
  line: number | undefined,
  section: string | undefined,
  fields: AdviceFinding['fields'] = {},
): AdviceFinding => ({
  code,
  file,
  ...(line !== undefined && { line }),
  ...(section !== undefined && { section }),
  fields,
})

function versionFindings(file: string, version: Version): AdviceFinding[] {
  const [major, minor, patch] = version
  const text = version.join('.')
  const found: AdviceCode[] = []
  if (major === 3 && minor === 3 && patch === 0) found.push('swapped-counts')
  if (isAtLeast(version, 3, 4)) found.push('own-replies-zero')
  if (isAtLeast(version, 2, 9)) found.push('zero-copy')
  if (!isAtLeast(version, 2, 2)) found.push('no-lengths')
  return found.map((code) => finding(code, file, undefined, undefined, { version: text }))
}

function proxyFindings(config: Config, proxy: ProxySection, file: string, length: number): AdviceFinding[] {
  const { kind, name, directives } = proxy
  const section = `${kind} ${name}`
  const at = (code: AdviceCode, line: number, fields?: AdviceFinding['fields']): AdviceFinding =>
    finding(code, file, line, section, fields)
  const lineOf = (...words: readonly string[]): number =>
    directives.filter((one) => words.every((word, index) => one.words[index] === word)).at(-1)?.line ??
    proxy.line
  const found: AdviceFinding[] = []
  if (directives.some(({ words }) => words[0] === 'compression' && words[1]?.startsWith('algo')))
    found.push(at('compression', lineOf('compression')))
  if (kind === 'backend') return found
  for (const option of ['logasap', 'dontlog-normal', 'dontlognull'] as const)
    if (hasOption(directives, option)) found.push(at(option, lineOf('option', option)))
  for (const { words, line } of directives)
    if (words.includes('set-log-level') && words.includes('silent')) found.push(at('silent', line))
  const targets = targetsOf(config, proxy)
  if (targets.length === 0) {
    const off = directives.find(({ words }) => words[0] === 'no' && words[1] === 'log')
    found.push(off ? at('log-disabled', off.line) : at('no-log', proxy.line))
  }
  for (const { words, line } of targets) {
    const target = words[1] ?? ''
    if (logOption(words, 'sample') !== undefined)
      found.push(at('sampling', line, { sample: logOption(words, 'sample') ?? '' }))
    if (target.startsWith('ring@')) found.push(at('ring-target', line, { target, length }))
    else if (!/^(?:\/|unix@|stdout|stderr|fd@|tcp|backend@|\$|")/.test(target))
      found.push(at('udp-target', line, { target }))
    if (isTarget({ words }) && Number(logOption(words, 'len') ?? 1024) < length)
      found.push(at('log-length', line, { given: Number(logOption(words, 'len') ?? 1024), length }))
    const profile = logOption(words, 'profile')
    if (profile !== undefined) found.push(at('log-profile', line, { profile }))
  }
  return found
}
