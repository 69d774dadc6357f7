import { createConnection, type Socket } from 'node:net'
import { type DaemonAddress, formatDaemonAddress } from './address.ts'
import { type Answer, AnswerReader } from './answer.ts'
import { RrdcachedError } from './error.ts'

export interface ExchangeOptions {
  /** Milliseconds until the answer must be there. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/** Text of a stranger's answer for a message: one line, no control characters. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 80))

/** One connection, one request at a time; after any failure it is not used again. */
export class Connection {
  readonly #socket: Socket
  readonly #address: string
  #usable = true
  /** Requests answered on it. */
  #answered = 0

  private constructor(socket: Socket, address: string) {
    this.#socket = socket
    this.#address = address
    const gone = (): void => {
      this.#usable = false
    }
    socket.on('error', gone).on('end', gone).on('close', gone)
    // An idle connection must not keep the process alive.
    socket.unref()
  }

  /** @throws RrdcachedError UNREACHABLE, TIMEOUT, ABORTED */
  static open(address: DaemonAddress, { timeout, signal }: ExchangeOptions): Promise<Connection> {
    const name = formatDaemonAddress(address)
    return new Promise((resolve, reject) => {
      const socket =
        address.kind === 'unix'
          ? createConnection(address.path)
          : createConnection(address.port, address.host)
      const finish = (error?: RrdcachedError): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
        socket.removeAllListeners()
        if (error) {
          socket.on('error', () => {}).destroy()
          reject(error)
        } else resolve(new Connection(socket, name))
      }
      const fail = (code: 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED', why: string, cause?: unknown): void =>
        finish(
          new RrdcachedError(code, `no connection to rrdcached at ${name}: ${why}`, { address: name, cause }),
        )
      const timer = setTimeout(() => fail('TIMEOUT', `not within ${timeout} ms`), timeout)
      const aborted = (): void => fail('ABORTED', 'stopped by the caller')
      if (signal?.aborted) aborted()
      signal?.addEventListener('abort', aborted)
      socket
        .once('connect', () => finish())
        .once('error', (error) => fail('UNREACHABLE', error.message, error))
    })
  }

  get usable(): boolean {
    return this.#usable && !this.#socket.destroyed
  }

  get reused(): boolean {
    return this.#answered > 0
  }

  /** @throws RrdcachedError CLOSED, TIMEOUT, ABORTED, PROTOCOL */
  exchange(command: string, line: Buffer, { timeout, signal }: ExchangeOptions): Promise<Answer> {
    const socket = this.#socket
    const reader = new AnswerReader()
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
        socket.off('data', received).off('error', broken).off('close', closed)
        socket.unref()
      }
      const fail = (
        code: 'CLOSED' | 'TIMEOUT' | 'ABORTED' | 'PROTOCOL',
        why: string,
        cause?: unknown,
      ): void => {
        settle()
        this.close()
        const message = `rrdcached at ${this.#address}, ${command}: ${why}`
        reject(new RrdcachedError(code, message, { address: this.#address, command, cause }))
      }
      const received = (chunk: Buffer): void => {
        const progress = reader.push(chunk)
        if (progress.state === 'garbage')
          fail('PROTOCOL', `what answers is no rrdcached: ${shown(progress.start)}`)
        if (progress.state !== 'done') return
        settle()
        this.#answered += 1
        resolve(progress.answer)
      }
      const broken = (error: Error): void => fail('CLOSED', error.message, error)
      const closed = (): void => fail('CLOSED', 'it closed the connection without an answer')
      const aborted = (): void => fail('ABORTED', 'stopped by the caller')
      const timer = setTimeout(() => fail('TIMEOUT', `no answer within ${timeout} ms`), timeout)
      socket.on('data', received).on('error', broken).on('close', closed)
      if (signal?.aborted) return aborted()
      signal?.addEventListener('abort', aborted)
      socket.ref()
      socket.write(line)
    })
  }

  close(): void {
    this.#usable = false
    this.#socket.on('error', () => {}).destroy()
  }
}
