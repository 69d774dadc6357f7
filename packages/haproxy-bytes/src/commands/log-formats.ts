import { readFileSync } from 'node:fs'
import { UsageError } from '@nightshift/tooling/command-line'
import { logFormats, parseConfig } from '../config/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import {
  FormatError,
  KNOWN_FORMATS,
  type LogFormat,
  parseFormatText,
  parseLogFormat,
} from '../log-format/index.ts'

export interface FormatOptions {
  readonly format: string
  readonly config?: string | Buffer
}

/** The formats in which lines may be. @throws UsageError, HaproxyBytesError */
export function chosenFormats({ format, config }: FormatOptions): LogFormat[] {
  if (config !== undefined) {
    if (format !== 'auto') throw new UsageError('--format and --config exclude each other')
    return formatsOfConfig(config)
  }
  if (format === 'auto') return Object.values(KNOWN_FORMATS).map(parseLogFormat)
  if (Object.hasOwn(KNOWN_FORMATS, format))
    return [parseLogFormat(KNOWN_FORMATS[format as keyof typeof KNOWN_FORMATS])]
  if (!format.includes('%'))
    throw new UsageError(`--format: there is no format ${format}`, {
      remedy: `name one of auto, ${Object.keys(KNOWN_FORMATS).join(', ')}, or give the log-format string itself`,
    })
  return [read(parseFormatText, format, (error) => new UsageError(`--format: ${error.message}`))]
}

function formatsOfConfig(path: string | Buffer): LogFormat[] {
  const name = path.toString()
  const texts = new Map<string, number>()
  for (const { format, line } of logFormats(parseConfig(readText(path, name))))
    if (format !== undefined && !texts.has(format)) texts.set(format, line)
  if (texts.size === 0)
    throw new HaproxyBytesError('bad-config', name, 'no frontend in it has a log format', {
      remedy:
        'is this a haproxy.cfg? HAProxy logs no bytes without `option httplog`, `option tcplog` or `log-format`',
    })
  const refused = (line: number) => (error: FormatError) =>
    new HaproxyBytesError('bad-format', name, `line ${line}: ${error.message}`)
  return [...texts].map(([text, line]) => read(parseLogFormat, text, refused(line)))
}

function read(
  parse: (text: string) => LogFormat,
  text: string,
  refused: (error: FormatError) => Error,
): LogFormat {
  try {
    return parse(text)
  } catch (error) {
    throw error instanceof FormatError ? refused(error) : error
  }
}

function readText(path: string | Buffer, name: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw new HaproxyBytesError('unreadable', name, (error as Error).message, { cause: error })
  }
}
