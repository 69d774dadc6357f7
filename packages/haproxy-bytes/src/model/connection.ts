import type { WireFields } from './fields.ts'
import { type Assumption, assume, between, exactly, type WireTerm } from './figure.ts'
import { isOldClient } from './logged-transfer.ts'

/** `connection: close` and its line end. */
export const CLOSE = 19
/** `connection: keep-alive` and its line end. */
export const KEEP_ALIVE = 24

export interface ResponseEnd {
  /** Made by HAProxy. */
  readonly own: boolean
  /** 101, or 2xx to CONNECT: no Connection header is added. */
  readonly tunnel: boolean
  /** The connection surely ends with it: until-close, `option httpclose`, or an unread request. */
  readonly closes: 'surely' | 'perhaps' | 'unseen'
  /** An errorfile may be what was sent, with a Connection header of its own. */
  readonly errorFile: boolean
}

/**
 * The Connection header that HAProxy adds to a response (mux_h1; measured on 2.6.12 for every pair of versions): to
 * close, 19 bytes unless the response says HTTP/1.0; to keep alive, 24 unless both sides say HTTP/1.1. What the client
 * asked for is in no field of a log.
 */
export function connectionHeader(
  { version, s10 }: WireFields,
  { own, tunnel, closes, errorFile }: ResponseEnd,
): { term: WireTerm; assumes: Assumption[] } {
  const only = (term: WireTerm) => ({ term, assumes: [] })
  if (tunnel) return only(exactly('connection', 0))
  const [isOldResponse, oldClient] = [s10 === 1, isOldClient(version)]
  // The header of an errorfile is counted and not sent, or sent instead of HAProxy's.
  if (own && (isOldResponse || errorFile)) {
    const likely = isOldResponse ? -CLOSE : 0
    return only(between('connection', -KEEP_ALIVE, KEEP_ALIVE, likely))
  }
  if (closes === 'surely') return only(exactly('connection', isOldResponse ? 0 : CLOSE))
  if (isOldResponse) return only(between('connection', 0, KEEP_ALIVE, oldClient ? 0 : KEEP_ALIVE))
  if (oldClient) return only(between('connection', CLOSE, KEEP_ALIVE))
  if (version === undefined) return only(between('connection', 0, KEEP_ALIVE))
  if (closes === 'perhaps') return only(between('connection', 0, CLOSE))
  return { term: exactly('connection', 0), assumes: [assume('no-client-close', CLOSE)] }
}
