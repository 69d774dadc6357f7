import type { ErrorDescription } from '../errors/describe.ts'
import { createLogger, type Logger, type LogSink } from '../logging/logger.ts'
import { textLines } from '../logging/text-lines.ts'
import { escapeLines } from '../terminal/escape.ts'
import { type ProgressFactory, progressBoard } from '../terminal/progress.ts'
import { type StreamFacts, streamFacts } from '../terminal/stream-facts.ts'
import type { ToolIdentity } from './definition.ts'
import type { ToolIo } from './io.ts'
import type { RequestedFlags } from './requested-flags.ts'

/** All that a run says on stderr, in the form that `--log-format` asks for. */
export interface Reporter {
  readonly flags: RequestedFlags
  readonly log: Logger
  readonly progress: ProgressFactory
  readonly stdout: StreamFacts
  readonly stderr: StreamFacts
  /** Takes a progress line away, if there is one. */
  clear(): void
  /** Tells a failure: the error, its remedy, a short usage, and the stack with `--debug`. */
  failure(error: ErrorDescription, usage?: string): void
}

const levelStyles = { error: 'red', warn: 'yellow', info: 'cyan', debug: 'dim' } as const

/** Builds the reporter of a run; pino is loaded only for `--log-format json`. */
export async function createReporter(
  tool: ToolIdentity,
  io: ToolIo,
  flags: RequestedFlags,
): Promise<Reporter> {
  // Node takes milliseconds to open a stream: one that a run does not use is never looked at.
  const stderr = lazy(() =>
    streamFacts(io.mayBeTerminal?.(2) === false ? {} : io.stderr, io.env, flags.color),
  )
  const stdout = lazy(() =>
    streamFacts(io.mayBeTerminal?.(1) === false ? {} : io.stdout, io.env, flags.color),
  )
  const asText = flags.logFormat === 'text'
  const sink = asText
    ? textLines({
        tool: tool.name,
        priorities: lazy(() => io.journal()),
        style: (level, text) => stderr().style(levelStyles[level], text),
        write: (text) => io.stderr.write(text),
      })
    : await jsonSink(tool.name, io)
  const progress = progressBoard(
    () => io.stderr,
    () => asText && !flags.quiet && io.env.TERM !== 'dumb' && stderr().isTerminal,
  )
  return {
    flags,
    log: createLogger(sink, flags, progress.clear),
    progress: progress.start,
    get stdout() {
      return stdout()
    },
    get stderr() {
      return stderr()
    },
    clear: progress.clear,
    failure(error, usage) {
      progress.clear()
      const bug = error.bug
        ? {
            remedy: `this is a bug in ${tool.name} ${tool.version}: please report it at ${tool.bugs}, with the output of --debug`,
          }
        : {}
      const message = error.bug ? `internal error: ${error.message}` : error.message
      const stack = flags.debug && error.stack !== undefined ? error.stack : undefined
      sink.write({
        level: 'error',
        message,
        code: error.code,
        ...(error.remedy === undefined ? bug : { remedy: error.remedy }),
        fields: {
          ...(error.path !== undefined && { path: error.path }),
          ...(error.offset !== undefined && { offset: error.offset }),
          ...(usage !== undefined && { usage }),
          ...(stack !== undefined && { stack }),
        },
      })
      if (!asText) return
      if (usage !== undefined) io.stderr.write(`Usage: ${escapeLines(usage)}\n`)
      if (stack !== undefined) io.stderr.write(`${escapeLines(stack)}\n`)
    },
  }
}

async function jsonSink(tool: string, io: ToolIo): Promise<LogSink> {
  const { jsonLines } = await import('../logging/json-lines.ts')
  return jsonLines(tool, io.jsonDestination?.())
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
