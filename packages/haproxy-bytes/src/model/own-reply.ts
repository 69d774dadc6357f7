import { connectionHeader } from './connection.ts'
import { isSet, type WireFields } from './fields.ts'
import { between, exactly, figureOf, type WireFigure, type WireTerm } from './figure.ts'
import type { LoggedTransfer, WireContext } from './logged-transfer.ts'
import { forbiddenFields } from './no-content.ts'
import { LONGEST_REASON, ownReason, rawReply } from './own-replies.ts'
import { requestRead } from './request-read.ts'

/** Lines of which no response was ever measured and none counted. */
export function headlessResponse(
  transfer: LoggedTransfer,
  fields: WireFields,
  { version }: WireContext,
): WireFigure | undefined {
  const { bytesOut, status, state, bytesIn } = transfer
  if (bytesOut !== 0 || isSet(fields.rh1)) return undefined
  if (status === undefined) return undefined
  if (status <= 0) return figureOf([exactly('logged', 0)])
  const isParsed = fields.nq0 === undefined ? state?.[1] !== 'R' || (bytesIn ?? 0) > 0 : fields.nq0 !== null
  const raw = isParsed ? undefined : rawReply(status, fields.rh1 === null ? 'since-2.2' : version)
  if (raw === undefined) return undefined
  const logged = exactly('logged', 0)
  // The client went first: what was written may have found nobody (measured: 0 of 207, or all after a half close).
  if (state?.[0] === 'C') return { ...figureOf([logged, between('own-reply', 0, raw.high)]), aborted: true }
  return figureOf([logged, between('own-reply', raw.low, raw.high, raw.high)])
}

/**
 * A reply of HAProxy's own that %B doesn't hold, or not alone (3.4: 0; after a dropped response: both). Its head is
 * measured and its length announced; its reason phrase is one that HAProxy knows.
 */
export function ownReply(
  transfer: LoggedTransfer,
  fields: WireFields,
  { facts: { errorFiles, frontendCloses } }: WireContext,
): WireFigure {
  const { bytesOut = 0, status } = transfer
  const { rh1, rl, method } = fields
  const terms: WireTerm[] = [exactly('logged', bytesOut)]
  if (bytesOut > 0) terms.push(exactly('replaced', -bytesOut))
  const errorFile = errorFiles === 'any' || errorFiles.includes(status ?? 0)
  const reason = errorFile || fields.s10 === 1 ? undefined : ownReason(status)
  const isBare = method === 'HEAD' || status === 204 || status === 304
  const body = isBare ? 0 : isSet(rl) && rl >= 0 ? rl : undefined
  const bytes = 15 + (isSet(rh1) ? rh1 : 0) + (body ?? 0)
  const [low, high] = [bytes + (reason ?? 0), bytes + (reason ?? LONGEST_REASON)]
  if (body === undefined || !isSet(rh1)) terms.push({ code: 'own-reply', kind: 'unknown', low })
  else terms.push(between('own-reply', low, high))
  terms.push(forbiddenFields(transfer, fields))
  const read = requestRead(transfer, fields)
  const connection = connectionHeader(fields, {
    own: true,
    tunnel: false,
    closes: frontendCloses || read === 'part' ? 'surely' : read === 'unsure' ? 'perhaps' : 'unseen',
    errorFile,
  })
  return figureOf([...terms, connection.term], connection.assumes)
}
