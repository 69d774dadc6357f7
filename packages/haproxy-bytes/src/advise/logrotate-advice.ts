import type { Advice, AdviceCode, AdviceFinding, AdvisedSection } from './advice.ts'
import { finding } from './haproxy-findings.ts'
import { type LogrotateStanza, parseLogrotate } from './logrotate-config.ts'
import type { NamedText } from './rsyslog-advice.ts'

const FREQUENCIES = ['hourly', 'daily', 'weekly', 'monthly', 'yearly', 'size']
/** Who writes the file must open the new one: until then lines go on into the old one (measured). */
const SIGNALS =
  /rsyslog-rotate|\bHUP\b|syslog-ng-ctl|(?:rsyslog|syslog-ng|syslog)\b.*\b(?:rotate|reload|reopen)|(?:reload|kill).*(?:rsyslog|syslog)/
const RELOADS_HAPROXY = /haproxy\b.*\b(?:reload|restart|force-reload)|(?:reload|restart)\s+haproxy/
const SIGNAL = '[ ! -x /usr/lib/rsyslog/rsyslog-rotate ] || /usr/lib/rsyslog/rsyslog-rotate'
/** What the advised stanza says itself, or must not. */
const OWN = new Set([
  'compress',
  'nocompress',
  'delaycompress',
  'nodelaycompress',
  'dateext',
  'nodateext',
  'sharedscripts',
  'nosharedscripts',
  'copytruncate',
  'nocopytruncate',
  'copy',
  'missingok',
  'notifempty',
  'rotate',
])

/** What to write into logrotate's files so that no line is lost at a rotation. Stanzas of other logs are left alone. */
export function adviseLogrotate(files: readonly NamedText[], logs: readonly string[] = []): Advice {
  const findings: AdviceFinding[] = []
  const sections: AdvisedSection[] = []
  let found = false
  for (const { path, text } of files) {
    const { common, stanzas } = parseLogrotate(text)
    for (const stanza of stanzas) {
      if (!stanza.paths.some((one) => /haproxy/i.test(one) || logs.includes(one))) continue
      found = true
      const faults = faultsOf(stanza, common)
      const name = stanza.paths.join(' ')
      for (const [code, line, fields] of faults) findings.push(finding(code, path, line, name, fields))
      if (faults.some(([code]) => code !== 'group-only'))
        sections.push({
          target: 'logrotate',
          name: `${path}: ${name}`,
          replaces: { first: stanza.first, last: stanza.last },
          text: advised(stanza),
        })
    }
  }
  if (!found && files.length > 0)
    findings.push(finding('not-rotated', files[0]?.path ?? '', undefined, undefined))
  return { sections, findings }
}

type Fault = readonly [code: AdviceCode, line: number, fields: AdviceFinding['fields']]

function faultsOf(stanza: LogrotateStanza, common: readonly (readonly string[])[]): Fault[] {
  const { directives, scripts, stray, first, last, closed, paths } = stanza
  const said = (name: string): boolean => {
    const all = [...common, ...directives.map(({ words }) => words)].filter(
      ([word]) => word === name || word === `no${name}`,
    )
    return all.at(-1)?.[0] === name
  }
  const lineOf = (name: string): number => directives.find(({ words }) => words[0] === name)?.line ?? first
  const script = [...scripts.values()].flat()
  const faults: Fault[] = []
  if (!closed) faults.push(['open-stanza', last, {}])
  for (const { text, line } of stray) faults.push(['outside-script', line, { text }])
  if ([...script, ...stray.map(({ text }) => text)].some((text) => RELOADS_HAPROXY.test(text)))
    faults.push(['reloads-haproxy', stray.find(({ text }) => RELOADS_HAPROXY.test(text))?.line ?? first, {}])
  if (said('copytruncate')) faults.push(['copytruncate', lineOf('copytruncate'), {}])
  else if (!script.some((text) => SIGNALS.test(text) && !RELOADS_HAPROXY.test(text)))
    faults.push(['writer-not-signalled', first, {}])
  if (!FREQUENCIES.some(said)) faults.push(['no-schedule', first, {}])
  if (!said('compress')) faults.push(['not-compressed', first, {}])
  else if (!said('delaycompress')) faults.push(['no-delaycompress', lineOf('compress'), {}])
  if (!said('dateext')) faults.push(['no-dateext', first, {}])
  if (!said('sharedscripts') && (paths.length > 1 || paths.some((path) => /[*?[]/.test(path))))
    faults.push(['no-sharedscripts', first, {}])
  const create = directives.find(({ words }) => words[0] === 'create')
  if (create && /^0?6[04]0$/.test(create.words[1] ?? ''))
    faults.push(['group-only', create.line, { group: create.words[3] ?? '', mode: create.words[1] ?? '' }])
  return faults
}

function advised({ paths, directives, scripts }: LogrotateStanza): string {
  const given = (name: string): string | undefined =>
    directives.find(({ words }) => words[0] === name)?.words.join(' ')
  const frequency = FREQUENCIES.map(given).find((text) => text !== undefined)
  const kept = directives
    .filter(({ words: [name = ''] }) => !OWN.has(name) && !FREQUENCIES.includes(name))
    .map(({ words }) => words.join(' '))
  // Several rotations a day would get one name.
  const often =
    frequency === undefined ||
    /^(?:hourly|size)/.test(frequency) ||
    kept.some((text) => /^(?:max)?size /.test(text))
  const dates = kept.some((text) => text.startsWith('dateformat'))
    ? ['dateext']
    : ['dateext', ...(often && frequency !== undefined ? ['dateformat -%Y%m%d-%s'] : [])]
  const lines = [
    frequency ?? 'weekly',
    given('rotate') ?? 'rotate 7',
    'missingok',
    'notifempty',
    'compress',
    'delaycompress',
    ...dates,
    ...kept,
    'sharedscripts',
  ]
  const block = (name: string, script: readonly string[]): string[] => [
    `    ${name}`,
    ...script.map((line) => `        ${line}`),
    '    endscript',
  ]
  const others = [...scripts]
    .filter(([name]) => name !== 'postrotate')
    .flatMap(([name, script]) => block(name, script))
  const own = (scripts.get('postrotate') ?? []).filter((text) => text !== '' && !RELOADS_HAPROXY.test(text))
  const post = own.some((text) => SIGNALS.test(text)) ? own : [...own, SIGNAL]
  return [
    `${paths.map(inQuotes).join('\n')} {`,
    ...lines.map((line) => `    ${line}`),
    ...others,
    ...block('postrotate', post),
    '}',
  ].join('\n')
}

const inQuotes = (path: string): string => (/\s/.test(path) ? `"${path}"` : path)
