import { type DaemonAddress, formatDaemonAddress, parseDaemonAddress } from './address.ts'
import type { Answer } from './answer.ts'
import { commandLine, type DaemonPath, strippedPath } from './command-line.ts'
import { Connection } from './connection.ts'
import { RrdcachedError } from './error.ts'

/** FLUSH answers when the daemon has written: on a busy disk that takes its time. */
const DEFAULT_TIMEOUT = 30_000

/** How a client speaks to its daemon. */
export interface RrdcachedClientOptions {
  /** Milliseconds for each request, from when it is sent. Default 30,000. */
  readonly timeout?: number
  /**
   * Over TCP, taken off the front of absolute paths, as librrd does with RRDCACHED_STRIPPATH, which is the default:
   * a daemon on another machine knows files by paths below its own base directory.
   */
  readonly stripPath?: string
}

/** How one request is bounded. */
export interface RequestOptions {
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** Of a path; that a command isn't permitted (-P) is said by `Permission denied.` alone. */
const ABSENT = /^No such file: |(?:: | - )No such file or directory$|.: Permission denied$/

/**
 * A client for rrdcached over its unix socket or TCP. Requests go one at a time, in the order of the calls. The
 * connection is made when it is needed and again when the daemon has closed it, as it does after a SUSPEND or RESUME
 * of a file it does not hold (rrd_daemon.c, measured with 1.7.2).
 *
 * A file's path must be the one the daemon knows it by: absolute, or relative to the daemon's base directory (-b);
 * with -B only paths below that. Paths are compared as text: links are not followed.
 */
export class RrdcachedClient {
  readonly address: DaemonAddress
  readonly #timeout: number
  readonly #stripPath: string | undefined
  #connection: Connection | undefined
  #last: Promise<unknown> = Promise.resolve()

  /**
   * @param address `unix:/path`, `/path`, `host`, `host:port`, `[v6]:port`, as librrd reads it; port 42217
   * @throws RrdcachedError BAD_ARGUMENT
   */
  constructor(address: string, options: RrdcachedClientOptions = {}) {
    this.address = parseDaemonAddress(address)
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT
    if (this.address.kind === 'tcp') this.#stripPath = options.stripPath ?? process.env.RRDCACHED_STRIPPATH
  }

  /** Whether the daemon answers. @throws RrdcachedError */
  async ping(options?: RequestOptions): Promise<void> {
    await this.request('PING', [], options)
  }

  /**
   * Has the daemon write what it holds for the file, and waits for it.
   * For a suspended file the daemon says it did and writes nothing: see `pending`.
   * @returns `absent`: the daemon sees no such file, or takes no updates for it, since it lies outside of its base
   * directory (-B)
   */
  async flush(file: DaemonPath, options?: RequestOptions): Promise<'flushed' | 'absent'> {
    return (await this.#orAbsent('FLUSH', file, options)) ? 'flushed' : 'absent'
  }

  /** Updates the daemon holds for the file, as `time:value[:value...]`, oldest first; none where it knows no such file. */
  async pending(file: DaemonPath, options?: RequestOptions): Promise<readonly string[]> {
    return (await this.request('PENDING', [this.#name(file)], options)).lines
  }

  /**
   * Stops the daemon from writing the file; it goes on collecting. An update that it has taken out of its cache
   * already is still written.
   * @returns `absent`: it holds nothing for the file, so there is nothing to suspend
   */
  async suspend(file: DaemonPath, options?: RequestOptions): Promise<'suspended' | 'already' | 'absent'> {
    const answer = await this.#orAbsent('SUSPEND', file, options)
    if (!answer) return 'absent'
    return answer.text.endsWith('already suspended') ? 'already' : 'suspended'
  }

  /** Lets the daemon write the file again. `absent`: it holds nothing for the file. */
  async resume(file: DaemonPath, options?: RequestOptions): Promise<'resumed' | 'not-suspended' | 'absent'> {
    const answer = await this.#orAbsent('RESUME', file, options)
    if (!answer) return 'absent'
    return answer.text.endsWith('not suspended') ? 'not-suspended' : 'resumed'
  }

  /** Lets the daemon write every file again. @returns how many were suspended */
  async resumeAll(options?: RequestOptions): Promise<number> {
    return Number.parseInt((await this.request('RESUMEALL', [], options)).text, 10)
  }

  /**
   * Time of the last update, pending ones included, in seconds since 1970, rounded down to the file's step
   * (measured, 1.7.2).
   */
  async last(file: DaemonPath, options?: RequestOptions): Promise<number> {
    return Number.parseInt((await this.request('LAST', [this.#name(file)], options)).text, 10)
  }

  /**
   * Hands updates over, each `time:value[:value...]`.
   * @returns how many the daemon took
   */
  async update(file: DaemonPath, values: readonly string[], options?: RequestOptions): Promise<number> {
    const { text } = await this.request('UPDATE', [this.#name(file), ...values], options)
    return Number(/enqueued (\d+) value/.exec(text)?.[1] ?? 0)
  }

  /** The daemon's counters: QueueLength, UpdatesReceived, TreeNodesNumber, ... */
  async stats(options?: RequestOptions): Promise<Readonly<Record<string, number>>> {
    const { lines } = await this.request('STATS', [], options)
    return Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), Number(line.slice(colon + 1))]
      }),
    )
  }

  /**
   * Any command. Arguments are quoted; a status of 0 or more is the answer.
   * @throws RrdcachedError REFUSED or UNSUPPORTED with the daemon's own words, and all the rest
   */
  async request(command: string, args: readonly DaemonPath[], options: RequestOptions = {}): Promise<Answer> {
    const answer = await this.#inTurn(() => this.#exchange(command, args, options))
    if (answer.status >= 0) return answer
    const address = formatDaemonAddress(this.address)
    const unknown = answer.text.startsWith('Unknown command')
    throw new RrdcachedError(
      unknown ? 'UNSUPPORTED' : 'REFUSED',
      `rrdcached at ${address}, ${command}: ${JSON.stringify(answer.text).slice(1, -1)}`,
      { address, command, answer: answer.text },
    )
  }

  /** Ends the connection; the next request makes a new one. */
  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  #name(file: DaemonPath): DaemonPath {
    return this.#stripPath === undefined ? file : strippedPath(file, this.#stripPath)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {})
    return turn
  }

  async #exchange(command: string, args: readonly DaemonPath[], options: RequestOptions): Promise<Answer> {
    const line = commandLine(command, args)
    const limits = { timeout: options.timeout ?? this.#timeout, signal: options.signal }
    const connection = await this.#connect(limits)
    const reused = connection.reused
    let answer: Answer
    try {
      answer = await connection.exchange(command, line, limits)
    } catch (error) {
      // It may have closed an idle connection just before: what may be asked twice is asked again, once.
      const again =
        reused && command !== 'UPDATE' && error instanceof RrdcachedError && error.code === 'CLOSED'
      if (!again) throw error
      answer = await (await this.#connect(limits)).exchange(command, line, limits)
    }
    if (answer.status < 0) this.close()
    return answer
  }

  async #connect(limits: { timeout: number; signal: AbortSignal | undefined }): Promise<Connection> {
    if (!this.#connection?.usable) this.#connection = await Connection.open(this.address, limits)
    return this.#connection
  }

  /** ENOENT is how the daemon says that it holds nothing for a file. */
  async #orAbsent(command: string, file: DaemonPath, options?: RequestOptions): Promise<Answer | undefined> {
    try {
      return await this.request(command, [this.#name(file)], options)
    } catch (error) {
      const answer = error instanceof RrdcachedError && error.code === 'REFUSED' ? (error.answer ?? '') : ''
      if (ABSENT.test(answer)) return undefined
      throw error
    }
  }
}
