import { isSet, type WireFields } from './fields.ts'
import type { LoggedTransfer } from './logged-transfer.ts'

/** Bytes of the inner form of a request's head. */
export function requestHead({ qh0, nq0 }: WireFields): number | undefined {
  return isSet(qh0) && isSet(nq0) ? 27 + qh0 - 4 * nq0 : undefined
}

/** How much of the request HAProxy had read when the line was written. */
export type RequestRead = 'whole' | 'part' | 'unsure'

export function requestRead(transfer: LoggedTransfer, fields: WireFields): RequestRead {
  const { bytesIn } = transfer
  const { ql } = fields
  if (ql === null) return 'whole'
  if (ql === undefined || bytesIn === undefined) return 'unsure'
  const answered = transfer.state === undefined || transfer.state[1] === '-'
  const head = requestHead(fields)
  if (ql === -1 || head === undefined) return answered ? 'whole' : 'unsure'
  if (bytesIn === head + ql) return 'whole'
  return bytesIn < head + ql ? 'part' : 'unsure'
}

/** Two blanks and two line ends on the wire; 20 and 1 in the inner form. */
const LEAST = { wire: 6, inner: 21 } as const

/**
 * 3.3.0, which logs them the wrong way round: %B is to the byte what the request has, and %U is not; or %U hasn't even
 * got its request line, for which %B has room.
 */
export function isSwapped(
  { bytesIn, bytesOut = 0, state, partial }: LoggedTransfer,
  fields: WireFields,
): boolean {
  if (bytesIn === undefined || state?.[1] !== '-' || partial) return false
  const { requestLine } = fields
  if (requestLine !== undefined && bytesIn > 0 && bytesIn < requestLine + LEAST.wire)
    return bytesOut >= requestLine + LEAST.inner
  const head = requestHead(fields)
  if (head === undefined) return false
  const whole = head + (isSet(fields.ql) && fields.ql > 0 ? fields.ql : 0)
  return bytesOut === whole && bytesIn !== whole && fields.ql !== -1
}
