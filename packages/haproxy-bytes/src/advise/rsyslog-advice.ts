import type { Advice, AdviceCode, AdviceFinding, AdvisedSection } from './advice.ts'
import { finding } from './haproxy-findings.ts'
import { parseRsyslog, type RsyslogConfig, type RsyslogObject, withParameter } from './rsyslog-config.ts'

/** A file, a character a byte. */
export interface NamedText {
  readonly path: string
  readonly text: string
}

export interface RsyslogOptions {
  /** Bytes that a line of HAProxy may have. */
  readonly length?: number
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** rsyslog's own default; what is longer is cut. */
const DEFAULT_SIZE = 8192
/** Where each input has its limit, and what it is without a word: [parameter, legacy directive, limited by default]. */
const LIMITS: Readonly<Record<string, readonly [string, string, boolean]>> = {
  // On until rsyslog 7: 200 messages in 5 s of each process.
  imuxsock: ['SysSock.RateLimit.Interval', 'SystemLogRateLimitInterval', true],
  imjournal: ['Ratelimit.Interval', 'imjournalRatelimitInterval', true],
}

/** What to write into rsyslog's files so that it takes all lines, or says what it dropped. */
export function adviseRsyslog(files: readonly NamedText[], { length = 0 }: RsyslogOptions = {}): Advice {
  const findings: AdviceFinding[] = []
  const sections: AdvisedSection[] = []
  let internal: string | undefined
  let size: number | undefined
  for (const { path, text } of files) {
    const config = parseRsyslog(text)
    const at = (code: AdviceCode, line: number, fields: AdviceFinding['fields'] = {}): void => {
      findings.push(finding(code, path, line, undefined, fields))
    }
    for (const { text: shown, line } of config.unknown) at('not-understood', line, { text: shown })
    for (const { parameters } of config.objects.filter(({ kind }) => kind === 'global'))
      internal = parameters.get('processinternalmessages')?.toLowerCase() ?? internal
    size = sizeOf(config) ?? size
    routes(config, at)
    const edits = [...limitEdits(config, text, at), ...settingEdits(config, text, length, at)]
    if (edits.length > 0)
      sections.push({
        target: 'rsyslog',
        name: path,
        replaces: { first: 1, last: text.split('\n').length },
        text: edited(text, edits),
      })
  }
  const added: string[] = []
  if (internal !== 'on')
    findings.push(finding('own-messages-hidden', files[0]?.path ?? 'rsyslog.conf', undefined, undefined))
  if (internal === undefined)
    added.push(
      '# Without it what rsyslog drops is told on its stderr only.',
      'global(processInternalMessages="on")',
    )
  if (length > (size ?? DEFAULT_SIZE)) {
    findings.push(
      finding('message-size', files[0]?.path ?? 'rsyslog.conf', undefined, undefined, {
        given: size ?? DEFAULT_SIZE,
        length,
      }),
    )
    if (size === undefined)
      added.push('# Must come before any input.', `global(maxMessageSize="${Math.ceil(length / 1024)}k")`)
  }
  if (added.length > 0)
    sections.unshift({
      target: 'rsyslog',
      name: '/etc/rsyslog.d/00-haproxy-bytes.conf',
      text: `${added.join('\n')}\n`,
    })
  findings.push(
    finding('journald-limit', '/etc/systemd/journald.conf.d/haproxy-bytes.conf', undefined, undefined),
  )
  sections.push({
    target: 'journald',
    name: '/etc/systemd/journald.conf.d/haproxy-bytes.conf',
    text: '[Journal]\nRateLimitIntervalSec=0\nRateLimitBurst=0\n',
  })
  if (sections.some(({ target }) => target === 'rsyslog'))
    findings.push(finding('restart-needed', files[0]?.path ?? 'rsyslog.conf', undefined, undefined))
  return { sections, findings }
}

type Note = (code: AdviceCode, line: number, fields?: AdviceFinding['fields']) => void

function limitEdits({ objects, directives }: RsyslogConfig, text: string, note: Note): Edit[] {
  const edits: Edit[] = []
  for (const object of objects) {
    const { kind, parameters, line } = object
    const name = (kind === 'module' ? parameters.get('load') : parameters.get('type'))?.toLowerCase() ?? ''
    const [parameter = 'RateLimit.Interval', , limited = false] = (kind === 'module' && LIMITS[name]) || []
    const isInput = kind === 'input' && /^im(?:uxsock|udp|tcp|ptcp)$/.test(name)
    const isModule = kind === 'module' && LIMITS[name] !== undefined
    if (!isInput && !isModule) continue
    const given = parameters.get(parameter.toLowerCase())
    if (parameters.get('syssock.use')?.toLowerCase() === 'off') continue
    if (given === '0' || (given === undefined && !limited)) continue
    note('rate-limit', line, { input: name, seconds: given ?? 'default', messages: burstOf(object) })
    edits.push({
      from: object.from,
      to: object.to,
      text: withParameter(text.slice(object.from, object.to), parameter, '0'),
    })
  }
  for (const { name, value, from, to, line } of directives) {
    if (/RateLimitInterval$/i.test(name) && value !== '0') {
      note('rate-limit', line, { input: name, seconds: value, messages: 'default' })
      edits.push({ from, to, text: `$${name} 0` })
    }
    const loaded = name.toLowerCase() === 'modload' ? LIMITS[value.replace(/\.so$/, '')] : undefined
    if (loaded && !directives.some((one) => one.name.toLowerCase() === loaded[1].toLowerCase())) {
      note('rate-limit', line, { input: value, seconds: 'default', messages: 'default' })
      edits.push({ from, to, text: `${text.slice(from, to)}\n$${loaded[1]} 0` })
    }
  }
  return edits
}

const burstOf = ({ parameters }: RsyslogObject): string =>
  [...parameters].find(([name]) => name.endsWith('ratelimit.burst'))?.[1] ?? 'default'

function settingEdits(
  { objects, directives }: RsyslogConfig,
  text: string,
  length: number,
  note: Note,
): Edit[] {
  const edits: Edit[] = []
  for (const object of objects.filter(({ kind }) => kind === 'global')) {
    let changed = text.slice(object.from, object.to)
    const { parameters } = object
    if (parameters.get('processinternalmessages')?.toLowerCase() === 'off')
      changed = withParameter(changed, 'processInternalMessages', 'on')
    if (parameters.get('parser.escapecontrolcharactersonreceive')?.toLowerCase() === 'off') {
      note('control-characters', object.line)
      changed = withParameter(changed, 'parser.escapeControlCharactersOnReceive', 'on')
    }
    if (bytes(parameters.get('maxmessagesize')) < length)
      changed = withParameter(changed, 'maxMessageSize', `${Math.ceil(length / 1024)}k`)
    if (changed !== text.slice(object.from, object.to))
      edits.push({ from: object.from, to: object.to, text: changed })
  }
  for (const { name, value, from, to, line } of directives) {
    if (/^EscapeControlCharactersOnReceive$/i.test(name) && /^off$/i.test(value)) {
      note('control-characters', line)
      edits.push({ from, to, text: `$${name} on` })
    }
    if (/^MaxMessageSize$/i.test(name) && bytes(value) < length)
      edits.push({ from, to, text: `$${name} ${Math.ceil(length / 1024)}k` })
  }
  return edits
}

/** Where lines go, and what may stop them there. */
function routes({ objects, directives, rules }: RsyslogConfig, note: Note): void {
  for (const { kind, parameters, line } of objects) {
    const discards = [...parameters.keys()].find((name) =>
      /^queue\.(?:discardmark|discardseverity)$/.test(name),
    )
    if (discards !== undefined || parameters.get('queue.timeoutenqueue') === '0')
      note('queue-discards', line, { setting: discards ?? 'queue.timeoutEnqueue' })
    if (
      kind === 'action' &&
      /^om(?:fwd|relp)$/.test(parameters.get('type')?.toLowerCase() ?? '') &&
      !parameters.has('queue.type')
    )
      note('forward-blocks', line)
  }
  const queued = directives.some(
    ({ name, value }) => /^ActionQueueType$/i.test(name) && !/^direct$/i.test(value),
  )
  for (const { name, line } of directives)
    if (/Queue(?:Discard|TimeoutEnqueue)/i.test(name)) note('queue-discards', line, { setting: name })
  for (const [index, { text, line }] of rules.entries()) {
    if (/(?:^|\s)-\/\S/.test(text) && /haproxy|local\d/i.test(text)) note('not-synced', line)
    if (/(?:^|\s)@@/.test(text) && !queued) note('forward-blocks', line)
    const before = rules
      .slice(Math.max(0, index - 3), index + 1)
      .some((rule) => /haproxy|local\d/i.test(rule.text))
    if (before && /(?:^|\s)(?:stop|~)\s*$/.test(text)) note('no-second-copy', line)
  }
}

function sizeOf({ objects, directives }: RsyslogConfig): number | undefined {
  const set = objects
    .map(({ parameters }) => parameters.get('maxmessagesize'))
    .filter((value) => value !== undefined)
  const legacy = directives.filter(({ name }) => /^MaxMessageSize$/i.test(name)).map(({ value }) => value)
  const last = [...legacy, ...set].at(-1)
  return last === undefined ? undefined : bytes(last)
}

/** `8k`, `64K`, `1m`; without one nothing is too small. */
function bytes(text: string | undefined): number {
  const [, digits, unit = ''] = /^(\d+)\s*([km]?)/i.exec(text ?? '') ?? []
  if (digits === undefined) return Number.POSITIVE_INFINITY
  return Number(digits) * (unit.toLowerCase() === 'k' ? 1024 : unit.toLowerCase() === 'm' ? 1024 ** 2 : 1)
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((result, { from, to, text: part }) => result.slice(0, from) + part + result.slice(to), text)
}
