import type { ByteRange, OpenedLog } from '../source/index.ts'
import type { LineSink, ScannedLog, ScanSettings } from './read-logs.ts'
import { scanLog } from './scan-log.ts'
import type { ReadFailure } from './scan-warning.ts'

/** One pass over several logs, as far as it has come. */
export class Scan {
  readonly failures: ReadFailure[] = []
  readonly #settings: ScanSettings
  readonly #sink: LineSink
  readonly #logs: (() => ScannedLog)[] = []
  readonly #bytes: number[] = []

  constructor(settings: ScanSettings, sink: LineSink) {
    this.#settings = settings
    this.#sink = sink
  }

  /** Of those that were begun. */
  logs(): ScannedLog[] {
    return this.#logs.map((soFar) => soFar())
  }

  /** Bytes of text read so far, of all logs. */
  get bytes(): number {
    return this.#bytes.reduce((sum, bytes) => sum + bytes, 0)
  }

  /** Reads one log to its end. Several may be read at the same time. */
  async read(log: OpenedLog, piece?: ByteRange): Promise<void> {
    const number = this.#bytes.push(0) - 1
    const nothing = { path: log.path, from: 0, to: 0, read: 0, identity: { length: 0, checkpoints: [] } }
    this.#logs[number] = () => nothing
    const settings = {
      ...this.#settings,
      ...(piece && { piece }),
      onProgress: (bytes: number): void => {
        this.#bytes[number] = bytes
        this.#settings.onProgress?.(this.bytes)
      },
      onBegin: (soFar: () => ScannedLog): void => {
        this.#logs[number] = soFar
      },
    }
    const { log: scanned, failure } = await scanLog(log, number, settings, this.#sink)
    this.#logs[number] = () => scanned
    if (failure) this.failures.push(failure)
  }
}
