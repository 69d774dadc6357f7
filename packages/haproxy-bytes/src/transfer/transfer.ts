/** What one line tells of one transfer. A field is undefined where the line's format doesn't have it or it was empty. */
export interface Transfer {
  readonly frontend?: string
  /** `~` after the frontend: TLS. */
  readonly tls?: boolean
  readonly backend?: string
  /** Also `<NOSRV>`, `<STATS>`, `<CACHE>`, `<lua.x>`. */
  readonly server?: string
  readonly client?: string
  readonly clientPort?: number
  /** -1 and 0 where no response was begun. */
  readonly status?: number
  /** `%B`, bytes as this version of HAProxy counts them (see model/). */
  readonly bytesOut?: number
  /** `%U` */
  readonly bytesIn?: number
  /** Logged before its end (`option logasap`): bytes and times are those so far. */
  readonly partial: boolean
  /** `%ts` or `%tsc`. */
  readonly state?: string
  readonly retries?: number
  /** `+` before the retries. */
  readonly redispatched?: boolean
  /** Milliseconds of UTC: the end of the transfer. */
  readonly instant?: number
  /** `%lc`, `%rt`. */
  readonly logCounter?: number
  readonly requestCounter?: number
}

/** First letters of termination states under which data may not have been delivered whole (doc 8.5: C, S, K, R, I, U). */
const BROKEN = new Set(['C', 'S', 'P', 'R', 'I', 'D', 'U', 'K', 'L', 'c', 's'])

/**
 * Broken off while data went (second letter `D` or `L`): what HAProxy read is not what was delivered. `LR` and `PR`,
 * replies of HAProxy's own, are whole.
 */
export function isAborted(state: string | undefined): boolean {
  if (state === undefined || state.length < 2) return false
  return BROKEN.has(state[0] as string) && (state[1] === 'D' || state[1] === 'L')
}
