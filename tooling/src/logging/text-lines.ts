import { escapeText } from '../terminal/escape.ts'
import type { LogLevel, LogRecord, LogSink } from './logger.ts'

/** How level words are coloured; returns the text unchanged where the stream takes no colour. */
export type LevelStyle = (level: LogLevel, text: string) => string

interface TextLines {
  readonly tool: string
  /** True where each line is to begin with `<N>`, the syslog priority that journald reads (sd-daemon(3)). */
  readonly priorities: () => boolean
  readonly style: LevelStyle
  readonly write: (text: string) => void
}

const words: Readonly<Record<LogLevel, string>> = {
  error: 'error',
  warn: 'warning',
  info: 'info',
  debug: 'debug',
}

/** syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG. */
const priority: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6, debug: 7 }

/** `tool: level: message [code]`, and `tool: hint: remedy` below it. */
export function textLines({ tool, priorities, style, write }: TextLines): LogSink {
  return {
    write({ level, message, code, remedy, fields }: LogRecord): void {
      const start = `${priorities() ? `<${priority[level]}>` : ''}${tool}: `
      const tag = code !== undefined && level !== 'error' ? ` [${code}]` : ''
      const extra = level === 'debug' && fields ? ` ${JSON.stringify(fields, exact)}` : ''
      let text = `${start}${style(level, `${words[level]}:`)} ${escapeText(message)}${tag}${escapeText(extra)}\n`
      if (remedy !== undefined) text += `${start}${style('info', 'hint:')} ${escapeText(remedy)}\n`
      write(text)
    },
  }
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
