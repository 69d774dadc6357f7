import { isAbsolute } from 'node:path'
import { type Call, type Channel, closedError, type Send } from './call.ts'
import { type CallIdentity, RrdtoolError } from './error.ts'
import { OneShotChannel } from './one-shot.ts'
import type { Reader } from './parse/reader.ts'
import { PersistentChannel } from './persistent.ts'
import type { CallOptions, DaemonOptions, RrdtoolOptions } from './types.ts'

const DEFAULT_MAX_OUTPUT = 256 * 1024 * 1024

/** What a command's function works with once it is its turn. */
export interface Context {
  readonly call: Call
  readonly send: <T>(words: readonly string[], reader: Reader<T>) => Promise<T>
}

/** Turns the arguments of a method into a call on the channel. */
export class Caller {
  readonly path: string
  readonly persistent: boolean
  readonly maxOutput: number
  readonly #timeout: number
  readonly #daemon: string | undefined
  readonly #channel: Channel
  readonly #alone: OneShotChannel
  #closed = false

  constructor(options: RrdtoolOptions) {
    this.path = options.path ?? 'rrdtool'
    this.persistent = options.persistent ?? false
    this.maxOutput = options.maxOutput ?? DEFAULT_MAX_OUTPUT
    this.#timeout = options.timeout ?? 0
    this.#daemon = options.daemon
    this.#alone = new OneShotChannel(this.path)
    this.#channel = this.persistent ? new PersistentChannel(this.path) : this.#alone
  }

  /**
   * The call that a method's own options and its last argument ask for.
   * @throws RrdtoolError CLOSED, BAD_ARGUMENT
   */
  call(identity: CallIdentity, own: DaemonOptions, last: CallOptions): Call {
    if (this.#closed) throw closedError(identity)
    requireObjects(identity, own, last)
    if (identity.file !== undefined && (typeof identity.file !== 'string' || identity.file === '')) {
      throw badArgument(
        { ...identity, file: undefined },
        'the file must be named by a string that is not empty',
      )
    }
    const timeout = last.timeout ?? own.timeout ?? this.#timeout
    if (typeof timeout !== 'number' || !(timeout >= 0) || timeout > 0x7fffffff) {
      throw badArgument(identity, `timeout must be milliseconds, 0 to 2147483647, not ${String(timeout)}`)
    }
    const daemon = own.daemon ?? this.#daemon
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (daemon !== undefined && (typeof daemon !== 'string' || !/^[^\0-\u001f]+$/.test(daemon))) {
      throw badArgument(identity, 'daemon must be an address such as unix:/run/rrdcached.sock or host:port')
    }
    return { ...identity, timeout, signal: signalOf(identity, last.signal ?? own.signal), daemon }
  }

  /**
   * Runs a call on the channel.
   * @param words the command it is about, checked before anything is started
   */
  async run<T>(call: Call, words: readonly string[], work: (context: Context) => Promise<T>): Promise<T> {
    checkWords(call, words, this.persistent)
    return this.#channel.run(call, (send: Send) =>
      work({
        call,
        send: (words, reader) => send({ words, reader }),
      }),
    )
  }

  /** Runs a call in a process of its own, which may have another working folder. */
  async runAlone<T>(
    call: Call,
    words: readonly string[],
    work: (send: <R>(words: readonly string[], reader: Reader<R>, cwd: string) => Promise<R>) => Promise<T>,
  ): Promise<T> {
    checkWords(call, words, false)
    return this.#alone.run(call, (send: Send) => work((words, reader, cwd) => send({ words, reader, cwd })))
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#channel.close(), this.#alone.close()])
  }

  /** @throws RrdtoolError BAD_ARGUMENT */
  requireDaemon(call: Call): void {
    if (call.daemon === undefined) throw badArgument(call, 'daemon must say which rrdcached is meant')
  }

  /**
   * The name of a file that is written or read here: absolute, so that it means the same in a process that stands in
   * another folder, and is never taken for an option or for a source that is no file (`-`, `cb//`).
   */
  localPath(call: CallIdentity, file: string): string {
    if (typeof file !== 'string' || file === '') {
      throw badArgument(
        call,
        `a file must be named by a string that is not empty, not ${JSON.stringify(file)}`,
      )
    }
    if (isAbsolute(file)) return file
    try {
      // Not normalized: behind a link `..` is not what the text says.
      return `${process.cwd()}/${file}`
    } catch (cause) {
      throw badArgument(
        call,
        `${JSON.stringify(file)} is relative to a folder that is gone (${(cause as Error).message})`,
      )
    }
  }

  /** The name of an RRD: as `localPath`, but for a daemon over TCP a relative name is meant below its base folder. */
  fileWord(call: Call, file: string): string {
    const remote = call.daemon !== undefined && !/^(?:unix:|\/)/.test(call.daemon)
    const path = this.localPath(call, file)
    if (!remote || isAbsolute(file)) return path
    return file.startsWith('-') ? `./${file}` : file
  }
}

/** Callers without types leave out what is needed, or pass null. */
function requireObjects(call: CallIdentity, own: unknown, last: unknown): void {
  for (const options of [own, last]) {
    if (typeof options !== 'object' || options === null)
      throw badArgument(call, `options must be an object, not ${String(options)}`)
  }
}

function signalOf(call: CallIdentity, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined
  // Not instanceof: it may come from another realm or a polyfill.
  const { aborted, addEventListener } = signal as Partial<AbortSignal>
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function')
    throw badArgument(call, 'signal must be an AbortSignal')
  return signal as AbortSignal
}

/** NUL ends an argument for every program; a newline ends the command for `rrdtool -`. */
function checkWords(call: CallIdentity, words: readonly string[], persistent: boolean): void {
  for (const word of words) checkWord(call, word, persistent)
}

function checkWord(call: CallIdentity, word: string, persistent: boolean): void {
  if (word.includes('\0')) throw badArgument(call, 'an argument contains NUL')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (persistent && /[\u0001-\u001f\u007f]/.test(word)) {
    throw badArgument(
      call,
      'an argument contains a control character, which rrdtool - can not take; use a one-shot client',
    )
  }
}

export function badArgument(call: CallIdentity, message: string): RrdtoolError {
  return new RrdtoolError('BAD_ARGUMENT', call, message)
}
