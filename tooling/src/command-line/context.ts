import type { Logger } from '../logging/logger.ts'
import type { ProgressFactory } from '../terminal/progress.ts'
import type { StreamFacts } from '../terminal/stream-facts.ts'
import type { Output } from './output.ts'

/** The flags that every command takes. */
export interface CommonFlags {
  /** One JSON document on stdout. */
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Stacks are shown. */
  readonly debug: boolean
  readonly logFormat: 'text' | 'json'
}

/** What a command's `run` gets beside its operands and options. */
export interface CommandContext {
  readonly tool: string
  readonly command: string
  readonly version: string
  readonly flags: CommonFlags
  /** stdout: results only. */
  readonly out: Output
  /** stderr: everything else. */
  readonly log: Logger
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP: stop at a safe point, then return or throw. */
  readonly signal: AbortSignal
  /** A progress line on stderr: only on a terminal, only once the work lasts over a second, not with -q. */
  readonly progress: ProgressFactory
  /** What stdout can show. */
  readonly stdout: StreamFacts
  readonly stderr: StreamFacts
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** The words after `--`, untouched, of a command declared with `program`; undefined where there was no `--`. */
  readonly program: readonly string[] | undefined
}
