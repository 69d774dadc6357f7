import { get as getHttp } from 'node:http'
import { LateAnswerError } from './ask-haproxy.ts'

/** The answer of an exporter was no exposition: its status. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError'
  readonly code = 'metrics'
  readonly status: number

  constructor(status: number) {
    super(`the exporter answered with status ${status}`)
    this.status = status
  }
}

/** 100,000 proxies have some 200 MB. */
const LONGEST = 512 * 2 ** 20

/**
 * Gets a Prometheus exposition over HTTP or HTTPS; redirects aren't followed.
 * @param timeout ms until it must be there whole
 * @throws LateAnswerError, MetricsError, NodeJS.ErrnoException
 */
export async function fetchMetrics(
  url: string,
  { timeout = 10_000, signal }: { readonly timeout?: number; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const get = url.startsWith('https:') ? (await import('node:https')).get : getHttp
  return new Promise((got, failed) => {
    const late = AbortSignal.timeout(timeout)
    const stop = signal ? AbortSignal.any([late, signal]) : late
    const fail = (error: unknown): void => failed(late.aborted ? new LateAnswerError(timeout) : error)
    const request = get(
      url,
      { signal: stop, agent: false, headers: { accept: 'text/plain' } },
      (response) => {
        const parts: Buffer[] = []
        let length = 0
        if (response.statusCode !== 200) request.destroy(new MetricsError(response.statusCode ?? 0))
        response.on('data', (part: Buffer) => {
          parts.push(part)
          length += part.length
          if (length > LONGEST) request.destroy(new RangeError('the exposition is too long'))
        })
        response.once('error', fail)
        response.once('end', () => got(Buffer.concat(parts).toString('latin1')))
      },
    )
    request.once('error', fail)
  })
}
