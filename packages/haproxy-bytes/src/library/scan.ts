import { LogClock } from '../clock/index.ts'
import { SourceCounter } from '../partial/index.ts'
import type { LogLine } from '../scan/index.ts'
import { KEY_NAMES, keyNamed } from '../totals/index.ts'
import type { Reading, Transfer } from '../transfer/index.ts'
import { LogTotals } from './log-totals.ts'
import { type Logs, type ReadOptions, readAll, readSettings } from './read-logs.ts'

/** How logs are read, and by what their sums are divided. */
export interface ScanOptions extends ReadOptions {
  /** `frontend`, `backend`, `server`, `client`, `client/24`, `status`, `state`, `host`, `minute` to `year`. Default none. */
  readonly by?: readonly string[]
  /** Given each transfer as it is read. */
  readonly onTransfer?: (transfer: Transfer) => void
}

/**
 * Reads logs once, and adds up what they tell.
 *
 * @throws HaproxyBytesError where a log can't be opened or read to its end; RangeError for a key or a zone that there is
 * not; the signal's reason once it aborts
 */
export async function scan(logs: Logs, options: ScanOptions = {}): Promise<LogTotals> {
  const { by = [], onTransfer } = options
  const settings = readSettings(options)
  const { formats, zone, span } = settings
  const clock = new LogClock(zone, Date.now())
  const keys = by.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new RangeError(`there is no key ${name}: it is one of ${KEY_NAMES.join(', ')}, client/N`)
    return key
  })
  const counter = new SourceCounter(keys, span)
  // Who wants to see each transfer gets each line read by itself.
  const each = onTransfer && {
    line(reading: Reading, line: LogLine): void {
      counter.line(reading, line)
      if (reading.kind === 'transfer') onTransfer(reading.transfer)
    },
  }
  const read = await readAll(logs, options, settings, each ?? counter)
  const counted = {
    format: formats.map(({ text }) => text).join('\n'),
    tz: zone.name,
    since: String(span?.since ?? ''),
    until: String(span?.until ?? ''),
  }
  return new LogTotals([{ keys: by, settings: counted, sources: counter.sources(read) }])
}
