import { createConnection } from 'node:net'
import type { StatsAddress } from './address.ts'

export interface AskOptions {
  /** ms until HAProxy must have answered whole; 10 s if not given. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** HAProxy didn't answer in time. */
export class LateAnswerError extends Error {
  override readonly name = 'LateAnswerError'
  readonly code = 'late-answer'
  /** ms */
  readonly waited: number

  constructor(waited: number) {
    super(`no whole answer within ${waited} ms`)
    this.waited = waited
  }
}

/** 100,000 proxies have 40 MB; what answers more is no HAProxy. */
const LONGEST_ANSWER = 256 * 2 ** 20

/**
 * Sends a line of commands to a stats socket; HAProxy answers and hangs up.
 * @throws LateAnswerError, NodeJS.ErrnoException of connect or read
 */
export function askHaproxy(
  address: StatsAddress,
  commands: string,
  { timeout = 10_000, signal }: AskOptions = {},
): Promise<string> {
  return new Promise((answered, failed) => {
    signal?.throwIfAborted()
    const to = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port }
    const socket = createConnection(to, () => socket.write(`${commands}\n`))
    const parts: Buffer[] = []
    let length = 0
    const end = (error?: unknown): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      socket.destroy()
      if (error === undefined) answered(Buffer.concat(parts).toString('latin1'))
      else failed(error)
    }
    const aborted = (): void => end(signal?.reason)
    const timer = setTimeout(() => end(new LateAnswerError(timeout)), timeout)
    signal?.addEventListener('abort', aborted, { once: true })
    socket.on('data', (part) => {
      parts.push(part)
      length += part.length
      if (length > LONGEST_ANSWER) end(new RangeError('the answer is too long'))
    })
    socket.once('error', end)
    socket.once('end', () => end())
  })
}
