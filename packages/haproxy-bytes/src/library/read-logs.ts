import { Readable } from 'node:stream'
import { Zone } from '../clock/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import type { LogFormat } from '../log-format/index.ts'
import { type LineSink, readFailureText, readLogs, type ScannedLog, type ScanWarning } from '../scan/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { knownFormats } from './compile-format.ts'

/** Files (plain, gzip or zstd), patterns of their names, or one stream of bytes. */
export type Logs = string | readonly string[] | AsyncIterable<Uint8Array>

/** How logs are read. */
export interface ReadOptions {
  /** In which lines may be, several in one log. Default: those that HAProxy knows by name. */
  readonly formats?: readonly LogFormat[]
  /** Only transfers that ended at or after it. */
  readonly since?: Date
  /** Only transfers that ended before it. */
  readonly until?: Date
  /** IANA name of the zone of stamps that name none. Default UTC. */
  readonly timeZone?: string
  readonly signal?: AbortSignal
  /** Told what is odd about a log: it is still written, cut off, read twice. */
  readonly onWarning?: (warning: ScanWarning) => void
}

/** How a command would be told the same. */
export interface ReadSettings {
  readonly formats: readonly LogFormat[]
  readonly zone: Zone
  readonly span?: TimeSpan
}

/** @throws RangeError for a zone that there is not */
export function readSettings({ formats, since, until, timeZone = 'UTC' }: ReadOptions): ReadSettings {
  const span = since || until ? { since: since?.getTime(), until: until?.getTime() } : undefined
  return { formats: formats ?? knownFormats(), zone: new Zone(timeZone), ...(span && { span }) }
}

/** @throws HaproxyBytesError where a log can't be opened or read to its end; the signal's reason once it aborts */
export async function readAll(
  logs: Logs,
  { signal, onWarning }: ReadOptions,
  settings: ReadSettings & { readonly asked?: readonly string[] },
  sink: LineSink,
): Promise<readonly ScannedLog[]> {
  const stream = typeof logs === 'object' && Symbol.asyncIterator in logs ? logs : undefined
  const names = typeof logs === 'string' ? [logs] : stream ? ['-'] : (logs as readonly string[])
  const read = await readLogs(
    names,
    {
      ...settings,
      ...(signal && { signal }),
      ...(onWarning && { onWarning }),
      ...(stream && { stdin: Readable.from(stream) }),
    },
    sink,
  )
  const [failure] = read.failures
  if (failure) throw new HaproxyBytesError('unreadable', failure.path, readFailureText(failure))
  return read.logs
}
