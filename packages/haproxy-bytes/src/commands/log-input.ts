import type { Readable } from 'node:stream'
import { type CommandContext, parseTime, UsageError } from '@nightshift/tooling/command-line'
import type { Zone } from '../clock/index.ts'
import type { LogFormat } from '../log-format/index.ts'
import {
  type LineSink,
  readFailureText,
  readLogs,
  type ScanResult,
  type ScanSettings,
  type ScanWarning,
  scanWarningText,
} from '../scan/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { chosenFormats, type FormatOptions } from './log-formats.ts'

/** What `addLogOptions` gives. */
export interface LogOptions extends FormatOptions {
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly seek?: boolean
  readonly tz: Zone
}

/** How the logs of a command are read. */
export interface LogInput {
  readonly formats: readonly LogFormat[]
  readonly zone: Zone
  /** Undefined: all lines. */
  readonly span?: TimeSpan
  readonly seek?: boolean
}

/** @throws UsageError, HaproxyBytesError */
export function logInput(options: LogOptions): LogInput {
  const since = timeOption(options.since, '--since', options.tz)
  const until = timeOption(options.until, '--until', options.tz)
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError('--since is not before --until: nothing lies between them')
  return {
    formats: chosenFormats(options),
    zone: options.tz,
    ...(options.seek === false && { seek: false }),
    ...((since !== undefined || until !== undefined) && { span: { since, until } }),
  }
}

export interface LogScan extends ScanResult {
  /** As they were told on stderr. */
  readonly warnings: readonly ScanWarning[]
}

/**
 * `readLogs` for a command: `-` is its stdin, its signal stops it, progress is shown, warnings and logs that could not
 * be read to their end are told on stderr (of these the command has to end with `EXIT.inputOutput`).
 */
export async function scanLogs(
  context: CommandContext,
  operands: readonly string[],
  input: LogInput & Pick<ScanSettings, 'asked' | 'shard' | 'follow' | 'identify'>,
  sink: LineSink,
): Promise<LogScan> {
  const warnings: ScanWarning[] = []
  const progress = context.progress({ what: 'reading', unit: 'bytes' })
  try {
    const result = await readLogs(
      operands,
      {
        ...input,
        stdin: context.stdin as Readable,
        signal: context.signal,
        onProgress: progress.update,
        onWarning: (warning) => {
          warnings.push(warning)
          context.log.warn(scanWarningText(warning), { code: warning.code })
        },
      },
      sink,
    )
    for (const failure of result.failures) context.log.error(readFailureText(failure), { code: 'unreadable' })
    return { ...result, warnings }
  } finally {
    progress.stop()
  }
}

/** Milliseconds of UTC. */
function timeOption(text: string | undefined, option: string, zone: Zone): number | undefined {
  if (text === undefined) return undefined
  const local = (seconds: number): number => (zone.instantsOf(seconds * 1000)[0] as number) / 1000
  const seconds = parseTime(text, { local })
  if (seconds === undefined)
    throw new UsageError(`${option}: ${text} is no time`, {
      remedy: 'write 2026-11-21T10:00, @1795255200 or now-1h',
    })
  return seconds * 1000
}
