import { isSet, type WireFields } from './fields.ts'
import { between, exactly, type WireTerm } from './figure.ts'
import type { LoggedTransfer } from './logged-transfer.ts'

const announced = (digits: number): number => 'content-length: \r\n'.length + digits
const CHUNKED = 'transfer-encoding: chunked\r\n'.length
/** 2^64-1 */
const MOST_DIGITS = 20

/**
 * A 204 has neither Content-Length nor Transfer-Encoding: HAProxy leaves them out (measured: 19 bytes less for a length
 * of 0, of the server's responses and of its own).
 */
export function forbiddenFields({ status }: LoggedTransfer, { rl }: WireFields): WireTerm {
  if (status !== 204 || rl === null) return exactly('no-content', 0)
  if (isSet(rl)) {
    return rl >= 0 ? exactly('no-content', -announced(String(rl).length)) : between('no-content', -CHUNKED, 0)
  }
  return between('no-content', -announced(MOST_DIGITS), 0, 0)
}
