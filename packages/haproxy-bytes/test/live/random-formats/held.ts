import { LogClock, Zone } from '../../../src/clock/index.ts'
import { logFormats, parseConfig } from '../../../src/config/index.ts'
import { type LogFormat, parseLogFormat } from '../../../src/log-format/index.ts'
import { type LineMatcher, matcherOf } from '../../../src/matcher/index.ts'
import { LineReader } from '../../../src/transfer/index.ts'
import { MARK } from './config.ts'
import type { Logged } from './logged.ts'
import type { RandomFormats } from './run.ts'

/** What reads the lines of one proxy: its format comes out of the configuration's text. */
export interface ProxyReader {
  readonly format: LogFormat
  readonly matcher: LineMatcher
  readonly reader: LineReader
}

export function readersOf({ config }: RandomFormats): Map<string, ProxyReader> {
  const text = Buffer.from(config).toString('latin1')
  const clock = new LogClock(new Zone('UTC'), Date.now())
  return new Map(
    logFormats(parseConfig(text)).map(({ proxy, format }) => {
      const read = parseLogFormat(format ?? '')
      const reader = new LineReader([read], (written, hint) => clock.instant(written, hint))
      return [proxy, { format: read, matcher: matcherOf(read), reader }]
    }),
  )
}

/** `-` and nothing are no value. */
const given = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || text === '-' ? undefined : text
const integer = (text: string | undefined): number | undefined =>
  given(text) === undefined ? undefined : Number((text as string).replace(/^\+/, ''))

/** The transfer that HAProxy's own values make, as far as the format has them. */
export function transferOf({ proxy, plain }: Logged): Record<string, unknown> {
  const names = new Set(proxy.format.items.flatMap((item) => (item.kind === 'field' ? [item.name] : [])))
  const has = (...any: string[]): string | undefined => {
    const name = any.find((one) => names.has(one))
    return name === undefined ? undefined : plain[name]
  }
  const named = given(has('ft', 'f'))
  const isTls = named?.endsWith('~') === true
  const isEarly = [has('B'), has('Ta', 'Tt')].some((text) => text?.startsWith('+'))
  const wanted: Record<string, unknown> = {
    frontend: isTls ? named.slice(0, -1) : named,
    tls: names.has('ft') ? isTls : undefined,
    backend: given(has('b')),
    server: given(has('s')),
    status: integer(has('ST')),
    bytesOut: integer(has('B')),
    bytesIn: integer(has('U')),
    clientPort: integer(has('cp')),
    state: given(has('tsc', 'ts')),
    retries: integer(has('rc')),
    logCounter: integer(has('lc')),
    requestCounter: integer(has('rt')),
    partial: isEarly,
  }
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}

/** A value as its field has it: without the quotes that the flag Q puts around. */
function bare(value: string, quoted: boolean): string {
  return quoted && value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value
}

/** Where a proxy captures on one side only, a line doesn't tell which: the first field of the two has what there is. */
const CAPTURED = new Set(['hr', 'hs', 'hrl', 'hsl'])

/** Their quotes are part of their text: those of captures, and of a port that isn't known. */
const ADDRESSES = new Set(['ci', 'fi', 'bi', 'si'])
const AS_WRITTEN = new Set(['hr', 'hs', 'hrl', 'hsl', 'cp', 'fp', 'bp', 'sp'])

/** A connection without a request has no number: HAProxy takes the next one each time that it writes %rt. */
const isLaterCount = (name: string, read: string, wanted: string): boolean =>
  name === 'rt' && [10, 16].some((base) => Number.parseInt(read, base) === Number.parseInt(wanted, base) + 1)

/** Fields whose text is another one than HAProxy's: `name: read instead of logged`. */
export function wrongFields({ matcher }: ProxyReader, { message, values, proxy }: Logged): string[] {
  const outcome = matcher.match(message, 0, message.length)
  if (outcome !== 'whole' && outcome !== 'ambiguous') return [`the line: ${outcome}`]
  const items = proxy.format.items.filter((item) => item.kind === 'field')
  if (matcher.fields.length !== items.length) return [`${matcher.fields.length} of ${items.length} fields`]
  const doubtful = new Set(outcome === 'ambiguous' ? matcher.doubtful : [])
  const oneSide = ['hr', 'hs'].some((side) =>
    items.every(({ name }, at) => name !== side || values[at] === ''),
  )
  return items.flatMap(({ name, flags }, at) => {
    if (doubtful.has(at) || (oneSide && CAPTURED.has(name))) return []
    const [from, to] = [matcher.spans.from[at] as number, matcher.spans.to[at] as number]
    const read = from < 0 ? MARK : message.toString('latin1', from, to)
    const wanted = values[at] as string
    return read ===
      (AS_WRITTEN.has(name) || (flags.X && ADDRESSES.has(name)) ? wanted : bare(wanted, flags.Q)) ||
      isLaterCount(name, read, wanted)
      ? []
      : [`${name}: ${read} instead of ${wanted}`]
  })
}

/** What a transfer may lack where the line leaves it in doubt: no total is made of it. */
const MAY_LACK = new Set(['clientPort', 'retries', 'logCounter', 'requestCounter'])

/** Values of a transfer that are not HAProxy's: `name: read instead of logged`. */
export function wrongValues({ reader }: ProxyReader, logged: Logged, line = logged.line): string[] {
  const reading = reader.read(line, 0, line.length)
  if (reading.kind !== 'transfer') return []
  const read: Readonly<Record<string, unknown>> = { ...reading.transfer }
  return Object.entries(transferOf(logged)).flatMap(([name, wanted]) => {
    const value = read[name]
    if (value === wanted || (value === undefined && MAY_LACK.has(name))) return []
    if (name === 'requestCounter' && value === Number(wanted) + 1) return []
    return [`${name}: ${value} instead of ${wanted}`]
  })
}
