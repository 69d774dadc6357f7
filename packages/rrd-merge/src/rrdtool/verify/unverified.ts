import { type CallIdentity, RrdtoolError } from '../error.ts'

export function unverified(call: CallIdentity, why: string, cause?: unknown): RrdtoolError {
  return new RrdtoolError(
    'UNVERIFIED',
    call,
    `it reported success, but ${why} (is the disk full?)`,
    cause === undefined ? {} : { cause },
  )
}

/** Reads what an outcome is proven by; what can't be read is not there. */
export async function evidence<T>(call: CallIdentity, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof RrdtoolError && !['FAILED', 'PROTOCOL'].includes(cause.code)) throw cause
    throw unverified(call, `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}
