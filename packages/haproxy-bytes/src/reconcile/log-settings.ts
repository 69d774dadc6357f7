import { type Config, hasOption, lastOf } from '../config/index.ts'

/** What a configuration says of a frontend's log. */
export interface LogSettings {
  readonly monitor: boolean
  /** Counted while they run, logged at their end. */
  readonly contstats: boolean
  /** `dontlog-normal`, `set-log-level silent`, `no log`, samples: not every transfer has a line. */
  readonly selective: boolean
  /** `dontlognull`, `http-ignore-probes`: connections without a request are counted and have no line. */
  readonly probes: boolean
}

/** What a configuration says of the log of each proxy that accepts connections. */
export function logSettings({ proxies }: Config): ReadonlyMap<string, LogSettings> {
  const accepting = proxies.filter(({ kind }) => kind !== 'backend')
  return new Map(
    accepting.map(({ name, directives }) => {
      const logs = directives.filter(({ words }) => words[0] === 'log')
      const isOff = directives.findLastIndex(({ words }) => words[0] === 'no' && words[1] === 'log')
      const isSampled = logs.some(({ words }) => words.includes('sample'))
      const isSilenced = directives.some(
        ({ words }) => words.includes('set-log-level') && words.includes('silent'),
      )
      const selective =
        isSampled ||
        isSilenced ||
        logs.length === 0 ||
        isOff > directives.findLastIndex(({ words }) => words[0] === 'log') ||
        hasOption(directives, 'dontlog-normal')
      return [
        name,
        {
          monitor:
            lastOf(directives, 'monitor-uri') !== undefined ||
            lastOf(directives, 'monitor-net') !== undefined,
          contstats: hasOption(directives, 'contstats'),
          selective,
          probes: hasOption(directives, 'dontlognull') || hasOption(directives, 'http-ignore-probes'),
        },
      ]
    }),
  )
}
