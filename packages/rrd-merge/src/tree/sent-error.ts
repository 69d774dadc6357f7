import { asRrdError } from '../file/pair-report.ts'
import { RrdError, type RrdErrorCode } from '../format/index.ts'

/** An error on its way between threads: cloned by the runtime it would lose its class and code. */
export interface SentError {
  /** Absent for a bug of this tool. */
  readonly code?: RrdErrorCode
  readonly message: string
  readonly stack?: string
  readonly path?: string
  readonly remedy?: string
}

export function sendError(thrown: unknown): SentError {
  const error = typed(thrown)
  const { message, stack } = error
  if (!(error instanceof RrdError)) return { message, ...(stack !== undefined && { stack }) }
  const { code, path, remedy } = error
  return { code, message, ...(path !== undefined && { path }), ...(remedy !== undefined && { remedy }) }
}

export function receiveError({ code, message, stack, path, remedy }: SentError): Error {
  if (code === undefined) return Object.assign(new Error(message), stack !== undefined && { stack })
  return new RrdError(code, message, {
    ...(path !== undefined && { path }),
    ...(remedy !== undefined && { remedy }),
  })
}

function typed(thrown: unknown): Error {
  try {
    return asRrdError(thrown)
  } catch {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}
