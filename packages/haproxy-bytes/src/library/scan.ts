import { Readable } from 'node:stream'
import { LogClock, Zone } from '../clock/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import type { LogFormat } from '../log-format/index.ts'
import { SourceCounter } from '../partial/index.ts'
import { readFailureText, readLogs, type ScanWarning } from '../scan/index.ts'
import { KEY_NAMES, keyNamed } from '../totals/index.ts'
import type { Transfer } from '../transfer/index.ts'
import { knownFormats } from './compile-format.ts'
import { LogTotals } from './log-totals.ts'

/** How logs are read, and by what their sums are divided. */
export interface ScanOptions {
  /** In which lines may be, several in one log. Default: those that HAProxy knows by name. */
  readonly formats?: readonly LogFormat[]
  /** `frontend`, `backend`, `server`, `client`, `client/24`, `status`, `state`, `host`, `minute` to `year`. Default none. */
  readonly by?: readonly string[]
  /** Only transfers that ended at or after it. */
  readonly since?: Date
  /** Only transfers that ended before it. */
  readonly until?: Date
  /** IANA name of the zone of stamps that name none. Default UTC. */
  readonly timeZone?: string
  readonly signal?: AbortSignal
  /** Given each transfer as it is read. */
  readonly onTransfer?: (transfer: Transfer) => void
  /** Told what is odd about a log: it is still written, cut off, read twice. */
  readonly onWarning?: (warning: ScanWarning) => void
}

/**
 * Reads logs once, and adds up what they tell.
 *
 * @param logs files (plain, gzip or zstd), patterns of their names, or one stream of bytes
 * @throws HaproxyBytesError where a log can't be opened or read to its end; RangeError for a key or a zone that there is
 * not; the signal's reason once it aborts
 */
export async function scan(
  logs: string | readonly string[] | AsyncIterable<Uint8Array>,
  options: ScanOptions = {},
): Promise<LogTotals> {
  const { formats = knownFormats(), by = [], since, until, timeZone = 'UTC', onTransfer } = options
  const zone = new Zone(timeZone)
  const clock = new LogClock(zone, Date.now())
  const keys = by.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new RangeError(`there is no key ${name}: it is one of ${KEY_NAMES.join(', ')}, client/N`)
    return key
  })
  const span = since || until ? { since: since?.getTime(), until: until?.getTime() } : undefined
  const counter = new SourceCounter(keys, span)
  const names = typeof logs === 'string' ? [logs] : Symbol.asyncIterator in logs ? ['-'] : logs
  const { signal, onWarning } = options
  const { logs: read, failures } = await readLogs(
    names,
    {
      formats,
      zone,
      ...(span && { span }),
      ...(signal && { signal }),
      ...(onWarning && { onWarning }),
      ...(typeof logs === 'object' && Symbol.asyncIterator in logs && { stdin: Readable.from(logs) }),
    },
    {
      line(reading, line) {
        counter.line(reading, line)
        if (reading.kind === 'transfer') onTransfer?.(reading.transfer)
      },
    },
  )
  const [failure] = failures
  if (failure) throw new HaproxyBytesError('unreadable', failure.path, readFailureText(failure))
  const settings = {
    format: formats.map(({ text }) => text).join('\n'),
    tz: zone.name,
    since: String(span?.since ?? ''),
    until: String(span?.until ?? ''),
  }
  return new LogTotals([{ keys: by, settings, sources: counter.sources(read) }])
}
