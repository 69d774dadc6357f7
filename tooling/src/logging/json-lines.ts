import pino from 'pino'
import type { LogRecord, LogSink } from './logger.ts'

/**
 * NDJSON by pino: level, time (milliseconds since 1970), msg, then tool, code, remedy and the fields. Written at
 * once and without transports (these are worker files, which a bundle can't carry), so nothing is lost at exit.
 * Loaded only for `--log-format json`.
 */
export function jsonLines(tool: string, destination: LineDestination = stderr()): LogSink {
  const logger = pino(
    { base: { tool }, level: 'debug', formatters: { level: (label) => ({ level: label }) } },
    destination,
  )
  return {
    write({ level, message, code, remedy, fields }: LogRecord): void {
      logger[level](
        { ...(fields && exactFields(fields)), ...(code && { code }), ...(remedy && { remedy }) },
        message,
      )
    },
  }
}

/** What takes the finished lines. */
export interface LineDestination {
  write(line: string): void
}

function stderr(): LineDestination {
  return pino.destination({ sync: true, fd: 2 })
}

function exactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
  )
}
