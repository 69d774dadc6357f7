import { KNOWN_FORMATS, type KnownFormat } from '../log-format/index.ts'
import type { Config, Directive, ProxySection } from './config.ts'

/** How a proxy logs transfers, and with which directive. */
export interface ProxyFormat {
  readonly proxy: string
  /** The format string; undefined where there is no format at all (`Connect from ... to ...`), so no bytes. */
  readonly format?: string
  readonly known?: KnownFormat
  /** Line of the directive that counts; 0 if there is none. */
  readonly line: number
}

/** Formats of every proxy that can accept connections. Of `log-format` and the options the last one counts. */
export function logFormats({ proxies }: Config): ProxyFormat[] {
  return proxies.filter(({ kind }) => kind !== 'backend').map(formatOf)
}

function formatOf(proxy: ProxySection): ProxyFormat {
  let format: ProxyFormat = { proxy: proxy.name, line: 0 }
  for (const directive of proxy.directives) format = changed(format, directive)
  // `option httplog` of a TCP proxy falls back to tcplog (HAProxy warns of it at its start).
  if (proxy.mode === 'tcp' && (format.known === 'http' || format.known === 'https'))
    return { ...format, known: 'tcp', format: KNOWN_FORMATS.tcp }
  return format
}

function changed(format: ProxyFormat, { words, line }: Directive): ProxyFormat {
  const { proxy } = format
  if (words[0] === 'log-format') return { proxy, format: words[1] ?? '', line }
  const [first, second, third] = words[0] === 'no' ? words.slice(1) : words
  if (first !== 'option') return format
  const known = optionFormat(second, third)
  if (!known) return format
  if (words[0] === 'no') return format.known === known ? { proxy, line } : format
  return { proxy, format: KNOWN_FORMATS[known], known, line }
}

function optionFormat(option: string | undefined, clf: string | undefined): KnownFormat | undefined {
  if (option === 'httplog') return clf === 'clf' ? 'clf' : 'http'
  if (option === 'tcplog') return clf === 'clf' ? 'tcp-clf' : 'tcp'
  return option === 'httpslog' ? 'https' : undefined
}
