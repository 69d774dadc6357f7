import type { Config } from '../../src/config/index.ts'
import { type ProxyFacts, parseConfig, wireFacts } from '../../src/config/index.ts'
import { readEnvelope } from '../../src/envelope/index.ts'
import { fieldName, parseLogFormat } from '../../src/log-format/index.ts'
import { matcherOf } from '../../src/matcher/index.ts'
import { advisedFields, type LoggedTransfer, type WireFields, wireFields } from '../../src/model/index.ts'
import { TransferReader } from '../../src/transfer/index.ts'
import type { RigOptions, Scenario } from '../live/scenario.ts'

/** The advised set as a rig's options: rules that are to come last are put behind those of the scenario. */
const ADVISED = advisedFields([2, 6, 12])
export const HTTP_FORMAT = `%ci:%cp %f %b/%s %ST %B %U %tsc %rc ${ADVISED.items.join(' ')} %{+Q}r`
export const TCP_FORMAT = '%ci:%cp %f %b/%s %B %U %ts'

const isTcp = ({ mode }: Scenario): boolean => mode === 'tcp'

/** `http-after-response` rules of the frontends, set behind their last line. */
function withLastRules(config: string): string {
  return config
    .split('\n\n')
    .map((section) =>
      /^frontend /.test(section) && section.includes('mode http')
        ? [section.trimEnd(), ...ADVISED.frontendLast.map((line) => `    ${line}`)].join('\n')
        : section,
    )
    .join('\n\n')
}

export const ADVISED_RIG: RigOptions = {
  logFormat: (scenario) => (isTcp(scenario) ? TCP_FORMAT : HTTP_FORMAT),
  extraFrontend: (scenario) => (isTcp(scenario) ? [] : ADVISED.frontendFirst),
  extraBackend: (scenario) => (isTcp(scenario) ? [] : ADVISED.backendFirst),
  rewrite: withLastRules,
}

export interface ReadLine {
  readonly transfer: LoggedTransfer & { readonly frontend?: string; readonly backend?: string }
  readonly fields: WireFields
  /** Any field by its name, as it stands in the line. */
  readonly text: (name: string) => string | undefined
}

/** A line as the tool reads it: by the compiled format. */
export function lineReader(format: string): (line: Buffer) => ReadLine {
  const matcher = matcherOf(parseLogFormat(format))
  const reader = new TransferReader(matcher, () => undefined)
  return (line) => {
    const end = line.at(-1) === 10 ? line.length - 1 : line.length
    const envelope = readEnvelope(line, 0, end)
    const start = envelope.starts.find((at) => matcher.match(line, at, end) === 'whole')
    if (start === undefined) throw new Error(`no match: ${line.toString('latin1')}`)
    const texts = new Map(
      matcher.fields.map((field, at) => {
        const [from, to] = [matcher.spans.from[at] as number, matcher.spans.to[at] as number]
        return [fieldName(field), from < 0 ? '' : line.toString('latin1', from, to)] as const
      }),
    )
    const text = (name: string): string | undefined => texts.get(name)
    return { transfer: reader.read(line, envelope), fields: wireFields(text), text }
  }
}

/** What the configuration says about a pair of proxies. */
export function factsOf(config: Config, frontend: string, backend: string | undefined): ProxyFacts {
  const find = (name: string | undefined) => config.proxies.find((proxy) => proxy.name === name)
  const front = find(frontend)
  if (front === undefined) throw new Error(`no frontend ${frontend}`)
  return wireFacts(front, find(backend))
}

export const configOf = (text: string): Config => parseConfig(text)
