import { chunkFraming } from './chunks.ts'
import { isSet, type WireFields } from './fields.ts'
import { between, exactly, figureOf, unknownFigure, type WireFigure } from './figure.ts'
import type { LoggedTransfer } from './logged-transfer.ts'

/** `content-length: 18446744073709551615` goes away; Content-Encoding, Transfer-Encoding and Vary come. */
const LEAST_CHANGE = -38
/** At least `content-encoding` comes in place of Content-Length; at most three headers are added. */
const HEADERS = { low: 0, high: 12 }

/**
 * %B is the size before the compression. What left is in the counters (`comp_out`), for all of a proxy's responses
 * together, and from 3.3 on in `res.bytes_out`, without chunk framing; it is never guessed.
 */
export function compressedResponse(transfer: LoggedTransfer, fields: WireFields): WireFigure {
  const { bytesOut = 0 } = transfer
  const { resOut, nh1, rh1 } = fields
  const logged = exactly('logged', bytesOut)
  const head = isSet(rh1) ? 15 + rh1 : 15
  if (!isSet(resOut) || resOut === 0 || !isSet(nh1))
    return unknownFigure('compressed', [logged], head + LEAST_CHANGE)
  const body = Math.max(0, resOut - head)
  return figureOf([
    logged,
    exactly('compression', resOut - bytesOut),
    between('syntax', 4 * nh1 - 15 + HEADERS.low, 4 * nh1 - 15 + HEADERS.high, 4 * nh1 - 7),
    chunkFraming(body, resOut),
  ])
}
