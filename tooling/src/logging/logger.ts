/** Fields of a log record: stable names, values that JSON can hold; a bigint is written as a decimal string. */
export type LogFields = Readonly<Record<string, unknown>>

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One line for a person or a log collector. */
export interface LogRecord {
  readonly level: LogLevel
  readonly message: string
  /** Stable name of what is said (`xattr-unknown`), shown in brackets after a warning. */
  readonly code?: string
  readonly fields?: LogFields
  /** What the reader can do about it: a line of its own in text, a field in JSON. */
  readonly remedy?: string
}

/** Where records go: text lines or NDJSON. Writes are synchronous on files, pipes and terminals (Linux). */
export interface LogSink {
  write(record: LogRecord): void
}

/**
 * What a command says on stderr. Errors are always shown, warnings and infos not with `-q`, debug only with `-v` or
 * `--debug`. A message is one line; control characters in it are escaped.
 */
export interface Logger {
  error(message: string, details?: Omit<LogRecord, 'level' | 'message'>): void
  warn(message: string, details?: Omit<LogRecord, 'level' | 'message'>): void
  info(message: string, details?: Omit<LogRecord, 'level' | 'message'>): void
  debug(message: string, details?: Omit<LogRecord, 'level' | 'message'>): void
}

/** Which levels are shown. */
export interface Verbosity {
  readonly quiet: boolean
  readonly verbose: boolean
}

/** A logger over a sink; `before` runs ahead of each shown record (a progress line is cleared there). */
export function createLogger(sink: LogSink, verbosity: Verbosity, before: () => void = () => {}): Logger {
  const shown: Readonly<Record<LogLevel, boolean>> = {
    error: true,
    warn: !verbosity.quiet,
    info: !verbosity.quiet,
    debug: verbosity.verbose,
  }
  const at =
    (level: LogLevel) =>
    (message: string, details: Omit<LogRecord, 'level' | 'message'> = {}): void => {
      if (!shown[level]) return
      before()
      sink.write({ ...details, level, message })
    }
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
