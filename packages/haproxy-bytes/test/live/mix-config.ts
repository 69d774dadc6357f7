import { MIX_KINDS } from './mix-kinds.ts'
import { linesOf, quoted, type RigOptions, type Scenario, section } from './scenario.ts'

/** What the options' functions are asked about: the mix as a whole. */
const MIX: Scenario = { name: 'mix', client: async () => {}, lines: 0 }

/** One frontend, and a backend for each kind, that is found by the first part of the path. */
export function mixProxies(
  options: RigOptions,
  at: { readonly port: number; readonly sink: string; readonly origin: number },
): string[] {
  const format = typeof options.logFormat === 'function' ? options.logFormat(MIX) : options.logFormat
  const only = (name: string): string => `if { path_beg /${name}/ }`
  const frontend = section('frontend fe_mix', [
    'mode http',
    `bind 127.0.0.1:${at.port}`,
    `log ${at.sink} ${options.logLine ?? 'len 65535 local0'}`,
    format === undefined ? 'option httplog' : `log-format ${quoted(format)}`,
    ...linesOf(options.extraFrontend, MIX),
    ...MIX_KINDS.flatMap(({ name, frontend: lines = [] }) => lines.map((line) => `${line} ${only(name)}`)),
    ...MIX_KINDS.map(({ name }) => `use_backend be_${name} ${only(name)}`),
  ])
  const backends = MIX_KINDS.map((kind) =>
    section(`backend be_${kind.name}`, [
      'mode http',
      ...linesOf(options.extraBackend, MIX),
      ...(kind.backend ?? []),
      ...(kind.alone ? [] : [`server s1 127.0.0.1:${at.origin} ${kind.server ?? ''}`.trim()]),
    ]),
  )
  return [frontend, ...backends]
}
