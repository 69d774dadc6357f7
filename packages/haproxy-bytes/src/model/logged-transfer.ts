import type { ProxyFacts } from '../config/wire-facts.ts'
import type { Accounting, Version } from './version.ts'

/** What the model asks of a transfer; a `Transfer` is one. */
export interface LoggedTransfer {
  readonly bytesOut?: number
  readonly bytesIn?: number
  readonly status?: number
  readonly state?: string
  readonly server?: string
  readonly client?: string
  readonly tls?: boolean
  readonly partial: boolean
}

/** What holds for all transfers of a pair of proxies and a version. */
export interface WireContext {
  readonly accounting: Accounting
  readonly version: Version | undefined
  readonly facts: ProxyFacts
}

/** Second letter `D` or `L` behind a cause: broken off while data went. */
export function isBrokenOff({ state = '--' }: LoggedTransfer): boolean {
  return state[0] !== '-' && (state[1] === 'D' || (state[1] === 'L' && state[0] !== 'L'))
}

/** HTTP/2 and HTTP/3 to the client: frames and compressed headers instead of lines. */
export const isFramed = (version: string | undefined): boolean =>
  version !== undefined && /^HTTP\/[23]/.test(version)

/** The line doesn't say which version, and the frontend may speak several. */
export const mayBeFramed = (version: string | undefined, { known, http2 }: ProxyFacts): boolean =>
  version === undefined && (http2 || !known)

export const isOldClient = (version: string | undefined): boolean => version === 'HTTP/1.0'

/** A response that HAProxy made: every cause but `-`, unless data was under way already. */
export function madeHere({ state, server }: LoggedTransfer): boolean {
  if (state !== undefined && state.length >= 2) return state[0] !== '-' && state[1] !== 'D'
  return server?.startsWith('<') === true
}

/**
 * An `http-response deny`, `return` or `redirect`, or a rule that failed: the server's response was measured, counted
 * and dropped (measured: 1352 for 1143 and 209).
 */
export function isReplaced({ state = '--' }: LoggedTransfer): boolean {
  return state[1] === 'H' && 'PLI'.includes(state[0] as string)
}
