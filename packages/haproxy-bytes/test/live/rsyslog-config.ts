export interface RateLimit {
  /** Messages that pass within the interval; for a unix socket of each sending process. */
  readonly burst: number
  /** Seconds. */
  readonly interval: number
}

/** What rsyslog writes a message as; the file of a template has its name. */
export const TEMPLATES = {
  traditional: 'RSYSLOG_TraditionalFileFormat',
  file: 'RSYSLOG_FileFormat',
  rfc5424: 'RSYSLOG_SyslogProtocol23Format',
  /** Of the time and the text alone, as the origin post's. */
  bare: 'bare',
} as const

export type TemplateName = keyof typeof TEMPLATES

export interface RsyslogOptions {
  /** `null` for no input of this kind. */
  readonly udp?: { readonly rateLimit?: RateLimit } | null
  readonly unix?: { readonly rateLimit?: RateLimit } | null
  /** Whether what rsyslog itself says comes into the files; without it its losses are reported nowhere. True if not given. */
  readonly internal?: boolean
  /** Files to write; all templates if not given. */
  readonly templates?: readonly TemplateName[]
  /** Templates of one's own: name to string, as in `template(string=...)`. */
  readonly custom?: Readonly<Record<string, string>>
  /** More lines, such as impstats. */
  readonly extra?: readonly string[]
}

const limit = (given: RateLimit | undefined): string =>
  given ? ` RateLimit.Interval="${given.interval}" RateLimit.Burst="${given.burst}"` : ''

/** A text that no log line of HAProxy holds: fences go into a file of their own. */
export const FENCE = 'fence-of-the-rig'

export interface RsyslogPlaces {
  readonly folder: string
  readonly udpPort: number
  readonly fencePort: number
  readonly unixPath: string
}

/** A configuration that has nothing of the system's: inputs on loopback and in the folder, files in the folder. */
export function rsyslogConfig(options: RsyslogOptions, places: RsyslogPlaces): string {
  const { folder } = places
  const names = options.templates ?? (Object.keys(TEMPLATES) as TemplateName[])
  const files = [
    ...names.map((name) => [name, TEMPLATES[name]] as const),
    ...Object.keys(options.custom ?? {}).map((name) => [name, name] as const),
  ]
  const udp =
    options.udp === null
      ? []
      : [`input(type="imudp" address="127.0.0.1" port="${places.udpPort}"${limit(options.udp?.rateLimit)})`]
  const unix =
    options.unix === null
      ? []
      : [`input(type="imuxsock" Socket="${places.unixPath}"${limit(options.unix?.rateLimit)})`]
  return [
    `global(workDirectory="${folder}" processInternalMessages="${options.internal === false ? 'off' : 'on'}")`,
    'module(load="imudp")',
    'module(load="imuxsock" SysSock.Use="off")',
    ...(options.extra ?? []),
    'template(name="bare" type="string" string="%TIMESTAMP% %msg%\\n")',
    ...Object.entries(options.custom ?? {}).map(
      ([name, text]) => `template(name="${name}" type="string" string="${text}")`,
    ),
    `if $msg contains "${FENCE}" then {`,
    `  action(type="omfile" file="${folder}/fence.log" template="bare")`,
    '  stop',
    '}',
    ...files.map(
      ([name, template]) => `action(type="omfile" file="${folder}/${name}.log" template="${template}")`,
    ),
    ...udp,
    ...unix,
    `input(type="imudp" address="127.0.0.1" port="${places.fencePort}")`,
    '',
  ].join('\n')
}
