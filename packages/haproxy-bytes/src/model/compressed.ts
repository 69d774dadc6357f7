import { chunkFraming } from './chunks.ts'
import { isSet, type WireFields } from './fields.ts'
import { between, exactly, figureOf, unknownFigure, type WireFigure } from './figure.ts'
import type { LoggedTransfer } from './logged-transfer.ts'
import { LONGEST_REASON } from './own-replies.ts'

/** What a compression changes in the head (flt_http_comp, measured on 2.6.12), with line ends. */
const CONTENT_ENCODING = {
  low: 'content-encoding: gzip\r\n'.length,
  high: 'content-encoding: deflate\r\n'.length,
}
const TRANSFER_ENCODING = 'transfer-encoding: chunked\r\n'.length
const VARY = 'vary: Accept-Encoding\r\n'.length
/** `W/` before a strong ETag. */
const WEAK = 2
/** At least Content-Encoding comes in place of Content-Length; at most three headers are added. */
const HEADERS = { low: 0, high: 12 }

function headOf({ bytesOut = 0 }: LoggedTransfer, { nh0, rh0, rh1, rl }: WireFields): WireFigure['head'] {
  if (!isSet(rh1)) return undefined
  const isAnnounced = isSet(rl) && rl >= 0
  const unexplained = isSet(nh0) && isSet(rh0) && isAnnounced ? bytesOut - (30 + rh0 - 4 * nh0) - rl : -1
  const isReason = unexplained >= 0 && unexplained <= LONGEST_REASON
  const announced = isAnnounced ? 'content-length: \r\n'.length + String(rl).length : 0
  const base = 15 + rh1 - announced + (isAnnounced ? TRANSFER_ENCODING : 0)
  return {
    low: base + (isReason ? unexplained : 0) + CONTENT_ENCODING.low,
    high: base + (isReason ? unexplained : LONGEST_REASON) + CONTENT_ENCODING.high + VARY + WEAK,
  }
}

/**
 * %B is the size before the compression. What left is in the counters (`comp_out`), for all of a proxy's responses
 * together, and from 3.3 on in `res.bytes_out`, without chunk framing; it is never guessed.
 */
export function compressedResponse(transfer: LoggedTransfer, fields: WireFields): WireFigure {
  const { bytesOut = 0 } = transfer
  const { resOut, nh1, rh1 } = fields
  const logged = exactly('logged', bytesOut)
  const head = isSet(rh1) ? 15 + rh1 : 15
  if (!isSet(resOut) || resOut === 0 || !isSet(nh1)) {
    const sent = headOf(transfer, fields)
    return { ...unknownFigure('compressed', [logged], sent?.low), ...(sent && { head: sent }) }
  }
  const body = Math.max(0, resOut - head)
  return figureOf([
    logged,
    exactly('compression', resOut - bytesOut),
    between('syntax', 4 * nh1 - 15 + HEADERS.low, 4 * nh1 - 15 + HEADERS.high, 4 * nh1 - 7),
    chunkFraming(body, resOut),
  ])
}
