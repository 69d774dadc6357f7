import { compressedResponse } from './compressed.ts'
import { connectionHeader } from './connection.ts'
import { isSet, type WireFields } from './fields.ts'
import { between, exactly, figureOf, unknownFigure, type WireFigure, type WireTerm } from './figure.ts'
import { framedResponse, perhapsFramed } from './framed-response.ts'
import {
  isBrokenOff,
  isFramed,
  isReplaced,
  type LoggedTransfer,
  madeHere,
  mayBeFramed,
  type WireContext,
} from './logged-transfer.ts'
import { LONGEST_REASON } from './own-replies.ts'
import { headlessResponse, ownReply } from './own-reply.ts'
import { isSwapped, requestRead } from './request-read.ts'
import { bodyTerms, lengthOf, type ResponseLength } from './response-body.ts'
import { unmeasuredResponse } from './unmeasured.ts'

/** From HAProxy to the client, where %B is the inner form of the response (2.0 and later). */
export function responseBytes(
  transfer: LoggedTransfer,
  fields: WireFields,
  context: WireContext,
): WireFigure {
  const { bytesOut } = transfer
  if (bytesOut === undefined) return unknownFigure('no-bytes')
  if (transfer.partial) return unknownFigure('partial', [exactly('logged', bytesOut)])
  if (isSwapped(transfer, fields)) return unknownFigure('swapped', [exactly('logged', bytesOut)])
  const headless = headlessResponse(transfer, fields, context)
  if (headless) return headless
  if (isFramed(fields.version)) return framedResponse(transfer, fields)
  if (fields.comp === 1) return compressedResponse(transfer, fields)
  const isFollowed = (isSet(fields.nh0) && isReplaced(transfer)) || (bytesOut === 0 && isSet(fields.rh1))
  if (isFollowed) return ownReply(transfer, fields, context)
  const figure = http1Response(transfer, fields, context)
  return mayBeFramed(fields.version, context.facts)
    ? perhapsFramed(figure, framedResponse(transfer, fields))
    : figure
}

function http1Response(transfer: LoggedTransfer, fields: WireFields, context: WireContext): WireFigure {
  const head = headOf(transfer, fields, context)
  const { known, compression, framingRewritten } = context.facts
  const mayBeCompressed = !isSet(fields.comp) && (compression || !known)
  if (head === undefined || mayBeCompressed || framingRewritten)
    return unmeasuredResponse(transfer, fields, context)
  return measured(transfer, fields, context, head)
}

interface Head {
  readonly terms: readonly WireTerm[]
  /** Bytes of the inner form without the reason phrase. */
  readonly inner: number
  readonly own: boolean
}

/** The head of the response that %B has counted, and how its headers were changed. */
function headOf(transfer: LoggedTransfer, fields: WireFields, { facts }: WireContext): Head | undefined {
  const { nh0, rh0, nh1, rh1 } = fields
  if (!isSet(nh1) || !isSet(rh1) || facts.fieldsMisplaced) return undefined
  const logged = exactly('logged', transfer.bytesOut as number)
  if (isSet(nh0) && isSet(rh0)) {
    const terms = [logged, exactly('syntax', 4 * nh0 - 15), exactly('rewritten', rh1 - rh0)]
    return { terms, inner: 30 + rh0 - 4 * nh0, own: false }
  }
  const own = madeHere(transfer)
  const { low, high } = facts.responseEdits
  const isUnchanged = facts.known && low === 0 && high === 0
  // A backend without the rules that measure: its headers are those at the end, if nothing changes them.
  if (!own && !isUnchanged) return undefined
  return { terms: [logged, exactly('syntax', 4 * nh1 - 15)], inner: 30 + rh1 - 4 * nh1, own }
}

function measured(
  transfer: LoggedTransfer,
  fields: WireFields,
  context: WireContext,
  head: Head,
): WireFigure {
  const length = lengthOf(transfer, fields)
  const rest = (transfer.bytesOut as number) - head.inner
  const body = bodyTerms(rest, length, transfer, fields, head.own)
  const { errorFiles, frontendCloses, reasonSet } = context.facts
  const terms = [...head.terms, ...body.terms]
  if (reasonSet !== undefined) terms.push(reasonTerm(rest, length, fields, reasonSet))
  const read = head.own ? requestRead(transfer, fields) : 'whole'
  const isCertain = frontendCloses || length === 'close' || read === 'part'
  const connection = connectionHeader(fields, {
    own: head.own,
    tunnel: length === 'tunnel',
    closes: isCertain ? 'surely' : read === 'unsure' ? 'perhaps' : 'unseen',
    errorFile: head.own && (errorFiles === 'any' || errorFiles.includes(transfer.status ?? 0)),
  })
  const figure = figureOf([...terms, connection.term], [...body.assumes, ...connection.assumes])
  return body.isShort || isBrokenOff(transfer) ? brokenOff(figure, head.own) : figure
}

/** %B has the server's reason phrase, the client gets another one where a rule sets the status. */
function reasonTerm(rest: number, length: ResponseLength, { rl }: WireFields, longest: number): WireTerm {
  const announced = length === 'announced' ? (rl as number) : 0
  const isKnown = length === 'announced' || length === 'none'
  const counted = isKnown ? Math.min(LONGEST_REASON, Math.max(0, rest - announced)) : LONGEST_REASON
  return between('reason', -counted, isKnown ? Math.max(0, longest - counted) : longest, 0)
}

/** What HAProxy read is the most that it can have sent; what the kernel took, and the client got, no field tells. */
function brokenOff(figure: WireFigure, own: boolean): WireFigure {
  if (own) return { ...figure, aborted: true }
  const high = figure.high as number
  const missing: WireTerm = { code: 'missing', kind: 'bounded', value: 0, low: -high, high: 0 }
  return { ...figureOf([...figure.terms, missing], figure.assumes), aborted: true }
}
