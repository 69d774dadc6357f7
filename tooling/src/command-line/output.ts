import type { Writable } from 'node:stream'
import { Failure } from '../errors/failure.ts'
import { systemErrorWords } from '../errors/system-errors.ts'
import type { OutputStream } from './io.ts'
import { documentValue } from './json-values.ts'

/** Characters that are put together before they are written. */
const batch = 65_536

/** A document for `--json`; the schema name is added in front. */
export type JsonDocument = Readonly<Record<string, unknown>>

/** stdout of a command. */
export interface Output {
  /**
   * Writes, and resolves when more may be written (a slow reader holds the writer back, so memory stays bounded:
   * await it). After the reader has gone it does nothing, or rejects where the command stops then.
   */
  write(chunk: string | Uint8Array): Promise<void>
  /** Writes one line. */
  line(text?: string): Promise<void>
  /**
   * Writes the one document of `--json`, `schema` first. A bigint becomes a number, beyond 2^53-1 a string. A member that
   * is iterable, but no array, is written item by item as a list: it may be longer than memory.
   */
  json(document: JsonDocument): Promise<void>
  /** Writes one row of NDJSON. */
  ndjson(row: JsonDocument): Promise<void>
  /** True when the reader has gone: what is written goes nowhere. */
  readonly closed: boolean
}

/** Thrown out of `write` when the reader has gone and the command stops then. Ends the run quietly. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

export interface OutputOptions {
  readonly schema: string
  readonly whenClosed: 'finish' | 'stop'
  /** Where the command stops when its reader goes, it also stops here when it is asked to. */
  readonly signal?: AbortSignal
  /** Called once when the reader has gone. */
  readonly onClosed: () => void
  /**
   * Writes text without a stream and gives back what was not taken, which opens the stream. Given only where stdout is no
   * terminal; not used where the command stops when its reader goes, as it doesn't tell that.
   */
  readonly printNow?: (text: string) => Uint8Array
}

/** {@link Output} over a stream, and what the runner asks of it. */
export class StreamOutput implements Output {
  #closed = false
  #failure: Failure | undefined
  #wrote: 'nothing' | 'text' | 'document' | 'rows' = 'nothing'
  /** Short writes are put together: a system call each would make a stream of lines ten times slower. */
  #pending = ''
  #pushing: NodeJS.Immediate | undefined
  #stream: OutputStream | undefined
  readonly #open: () => OutputStream
  readonly #options: OutputOptions
  readonly #onError = (error: NodeJS.ErrnoException): void => this.#failed(error)

  /** @param open asked for the stream when something is written: opening it costs milliseconds */
  constructor(open: () => OutputStream, options: OutputOptions) {
    this.#open = open
    this.#options = options
  }

  get closed(): boolean {
    return this.#closed
  }

  /** What has been written so far: a failure's document is only added where none was written. */
  get wrote(): 'nothing' | 'text' | 'document' | 'rows' {
    return this.#wrote
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    this.#check()
    if (this.#closed) return
    if (this.#wrote === 'nothing') this.#wrote = 'text'
    if (typeof chunk === 'string' && (this.#directly() || !this.#opened().isTTY)) {
      this.#pending += chunk
      if (this.#pending.length < batch) {
        this.#pushing ??= setImmediate(() => this.#push())
        return
      }
      this.#push()
    } else {
      this.#push()
      this.#opened().write(chunk)
    }
    if (this.#stream?.writableNeedDrain) await drained(this.#stream)
    // Writes to a pipe are synchronous: without a turn of the event loop no signal would ever be seen.
    await new Promise((resolve) => setImmediate(resolve))
    this.#check()
  }

  async line(text = ''): Promise<void> {
    await this.write(`${text}\n`)
  }

  async json(document: JsonDocument): Promise<void> {
    this.#wrote = 'document'
    let before = '{'
    for (const [name, value] of Object.entries({ schema: this.#options.schema, ...document })) {
      const text = isLongList(value) ? '[' : JSON.stringify(value, documentValue)
      if (text === undefined) continue
      await this.write(`${before}${JSON.stringify(name)}:${text}`)
      if (isLongList(value)) await this.#items(value)
      before = ','
    }
    await this.line('}')
  }

  async ndjson(row: JsonDocument): Promise<void> {
    this.#wrote = 'rows'
    await this.line(JSON.stringify(row, documentValue))
  }

  async #items(items: Iterable<unknown>): Promise<void> {
    let before = ''
    for (const item of items) {
      await this.write(before + JSON.stringify(item, documentValue))
      before = ','
    }
    await this.write(']')
  }

  /** Resolves when all that was written is with the system; rejects where that failed. */
  async flush(): Promise<void> {
    this.#push()
    const stream = this.#stream
    if (stream && !this.#closed && !this.#failure) {
      await new Promise<void>((resolve) => {
        stream.write('', () => resolve())
      })
      // The stream tells its errors on the next tick.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (this.#failure) throw this.#failure
  }

  #check(): void {
    if (this.#failure) throw this.#failure
    if (this.#options.whenClosed !== 'stop') return
    this.#options.signal?.throwIfAborted()
    if (this.#closed) throw new OutputClosed('the reader of stdout has gone')
  }

  /** Hands what is pending to the stream. */
  #push(): void {
    if (this.#pushing) clearImmediate(this.#pushing)
    this.#pushing = undefined
    const text = this.#pending
    this.#pending = ''
    if (text === '' || this.#closed || this.#failure) return
    const rest = this.#directly()?.(text) ?? text
    if (rest.length > 0) this.#opened().write(rest)
  }

  /** Until something opens the stream. */
  #directly(): OutputOptions['printNow'] {
    const { printNow, whenClosed } = this.#options
    return this.#stream === undefined && whenClosed === 'finish' ? printNow : undefined
  }

  #opened(): OutputStream {
    if (this.#stream === undefined) {
      this.#stream = this.#open()
      this.#stream.on('error', this.#onError)
    }
    return this.#stream
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') {
      if (this.#closed) return
      this.#closed = true
      this.#options.onClosed()
      return
    }
    this.#failure ??= new Failure('OUTPUT', `cannot write to standard output: ${why(error)}`, {
      remedy: 'what was printed so far is not complete; make room or name another file, and run it again',
      cause: error,
    })
  }
}

const isLongList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && !Array.isArray(value)

/** Resolves when the stream takes more, or will never take any. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('error', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('error', done).on('close', done)
  })
}

function why(error: NodeJS.ErrnoException): string {
  const words = systemErrorWords[error.code ?? '']?.why
  return words === undefined ? error.message : `${words} (${error.code})`
}
