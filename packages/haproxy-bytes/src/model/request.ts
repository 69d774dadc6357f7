import { chunkFraming } from './chunks.ts'
import { CLOSE, KEEP_ALIVE } from './connection.ts'
import { isSet, type WireFields } from './fields.ts'
import {
  type Assumption,
  assume,
  between,
  exactly,
  figureOf,
  unknownFigure,
  type WireFigure,
  type WireTerm,
} from './figure.ts'
import { framedRequest } from './framed-request.ts'
import { perhapsFramed } from './framed-response.ts'
import {
  isBrokenOff,
  isFramed,
  isOldClient,
  type LoggedTransfer,
  madeHere,
  mayBeFramed,
  type WireContext,
} from './logged-transfer.ts'
import { proxyHeader } from './proxy-header.ts'
import { requestHead, requestRead } from './request-read.ts'

/** From the client to HAProxy, where %U is the inner form of the request. */
export function requestBytes(
  transfer: LoggedTransfer,
  given: WireFields,
  { facts }: WireContext,
): WireFigure {
  const { bytesIn } = transfer
  // Counted after rules had changed them: no count of what was received.
  const { nq0: _, qh0: __, ...rest } = given
  const fields: WireFields = facts.requestMisplaced && isSet(given.nq0) ? rest : given
  if (bytesIn === undefined) return unknownFigure('no-bytes')
  if (transfer.partial) return unknownFigure('partial', [exactly('logged', bytesIn)])
  const { nq0, ql, version, method } = fields
  const isParsed = nq0 !== null && method !== '<BADREQ>'
  // Not even the request line could be read: nothing of it is counted.
  if (bytesIn === 0 && (!isParsed || (nq0 === undefined && transfer.state?.[1] === 'R')))
    return unknownFigure('not-parsed', [exactly('logged', 0)])
  if (isFramed(version)) return framedRequest(bytesIn, transfer, fields)
  const head = requestHead(fields)
  const terms: WireTerm[] = [exactly('logged', bytesIn), syntax(fields)]
  const assumes: Assumption[] = [assume('usual-syntax', 1)]
  if (isOldClient(version) || version === undefined) terms.push(between('connection', 0, KEEP_ALIVE))
  else {
    assumes.push(assume('no-client-close', CLOSE), assume('no-client-keep-alive', KEEP_ALIVE))
  }
  const body = head === undefined ? bytesIn - 36 : bytesIn - head - 1
  if (ql === -1) terms.push(chunkFraming(head === undefined ? 0 : body, body))
  else if (ql === undefined) terms.push(between('framing', 0, Math.max(0, chunkFraming(0, body).high ?? 0)))
  const proxy = proxyHeader(transfer, facts)
  const figure = figureOf([...terms, proxy.term], [...assumes, ...proxy.assumes])
  const read = withUnread(figure, transfer, fields, head)
  return mayBeFramed(version, facts) ? perhapsFramed(read, framedRequest(bytesIn, transfer, fields)) : read
}

function syntax({ nq0 }: WireFields): WireTerm {
  if (isSet(nq0)) return exactly('syntax', 4 * nq0 - 15)
  // tune.http.maxhdr is 101; a request has a Host and little else, or what a browser sends.
  return between('syntax', -15, 4 * 101 - 15, 4 * 5 - 15)
}

/** A client may have sent what HAProxy never read. */
function withUnread(
  figure: WireFigure,
  transfer: LoggedTransfer,
  fields: WireFields,
  head: number | undefined,
): WireFigure {
  const read = requestRead(transfer, fields)
  if (read === 'whole') return figure
  const mayBeUnread = isBrokenOff(transfer) || (madeHere(transfer) && mayHaveBody(fields))
  if (fields.ql === undefined && !mayBeUnread) return figure
  const { ql } = fields
  if (isSet(ql) && ql >= 0) {
    const left = head === undefined ? ql : Math.max(0, head + ql - (transfer.bytesIn as number))
    return figureOf([...figure.terms, between('unread', 0, left)], figure.assumes)
  }
  return unknownFigure('unread', figure.terms, figure.low)
}

/** Methods with which a body has no meaning (RFC 9110 9.3). */
const BODILESS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT'])
const mayHaveBody = ({ method }: WireFields): boolean => method === undefined || !BODILESS.has(method)
