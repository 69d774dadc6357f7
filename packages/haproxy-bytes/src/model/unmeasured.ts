import { chunkFraming } from './chunks.ts'
import { connectionHeader } from './connection.ts'
import type { WireFields } from './fields.ts'
import {
  assume,
  between,
  exactly,
  figureOf,
  unknownFigure,
  type WireFigure,
  type WireTerm,
} from './figure.ts'
import { unseenInterim } from './interim.ts'
import {
  isBrokenOff,
  isReplaced,
  type LoggedTransfer,
  madeHere,
  type WireContext,
} from './logged-transfer.ts'
import { forbiddenFields } from './no-content.ts'
import { ownMessage } from './own-replies.ts'

/** tune.http.maxhdr: HAProxy refuses a message with more. */
const MOST_HEADERS = 101
const USUAL_HEADERS = 6
/** tune.bufsize: headers must fit in it. */
const BUFFER = 16_384

/** A response whose headers no field of the line measures: bounded by the configuration and by HAProxy's limits. */
export function unmeasuredResponse(
  transfer: LoggedTransfer,
  fields: WireFields,
  { facts }: WireContext,
): WireFigure {
  const { bytesOut = 0, status } = transfer
  const logged = exactly('logged', bytesOut)
  if (fields.comp === undefined && facts.compression) return unknownFigure('compressed', [logged])
  if (facts.framingRewritten && fields.comp !== undefined) return unknownFigure('framing-rewritten', [logged])
  const connection = connectionHeader(fields, {
    own: false,
    tunnel: false,
    closes: facts.frontendCloses ? 'surely' : 'perhaps',
    errorFile: false,
  })
  const message = madeHere(transfer) && facts.errorFiles.length === 0 ? ownMessage(status) : undefined
  const { low, high } = facts.responseEdits
  if (message !== undefined && facts.known && (bytesOut === message + 3 || bytesOut === 0))
    return figureOf([
      logged,
      exactly('own-reply', message - bytesOut),
      rewritten(0, low ?? 0, high),
      connection.term,
    ])
  const { term: interim, assumes } = unseenInterim()
  const framing = chunkFraming(0, bytesOut).high as number
  const figure = figureOf(
    [
      logged,
      between('syntax', -15, 4 * MOST_HEADERS - 15, 4 * USUAL_HEADERS - 15),
      rewritten(bytesOut, low, high),
      connection.term,
      between('framing', 0, framing),
      interim,
      forbiddenFields(transfer, fields),
      // Counted are the server's response and the reply that took its place.
      between('replaced', isReplaced(transfer) ? -bytesOut : 0, 0, 0),
    ],
    facts.known || fields.comp !== undefined ? assumes : [...assumes, assume('no-compression', bytesOut)],
  )
  return isBrokenOff(transfer) ? { ...figure, low: 0, aborted: true } : figure
}

/** What a deleted header had is at most all that was counted; what is added fits in a buffer. */
function rewritten(bytesOut: number, low: number | undefined, high: number | undefined): WireTerm {
  const least = low ?? -bytesOut
  return between('rewritten', least, Math.max(least, high ?? BUFFER), Math.max(least, high ?? low ?? 0))
}
