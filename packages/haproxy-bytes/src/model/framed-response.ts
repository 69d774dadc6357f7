import { isSet, type WireFields } from './fields.ts'
import { between, exactly, figureOf, unknownFigure, type WireFigure } from './figure.ts'
import { isBrokenOff, type LoggedTransfer } from './logged-transfer.ts'

const FRAME_HEADER = 9
/** SETTINGS_MAX_FRAME_SIZE as clients leave it; HAProxy sends what a buffer holds, so less now and then. */
const LARGEST_FRAME = 16_384
const SMALL_FRAME = 1024
/** tune.bufsize: what of the count may be headers, where no field measures them. */
const LARGEST_HEAD = 16_384
/** SETTINGS, window updates, GOAWAY: of the connection, and shared by its streams. */
const CONNECTION = 120

/** HTTP/2 and HTTP/3: the body with frame headers, and headers compressed by what the connection saw before. */
export function framedResponse(transfer: LoggedTransfer, fields: WireFields): WireFigure {
  const { bytesOut = 0 } = transfer
  const logged = exactly('logged', bytesOut)
  if (fields.comp === 1) return unknownFigure('compressed', [logged], FRAME_HEADER)
  const { nh1, rh1 } = fields
  const head = isSet(nh1) && isSet(rh1) ? 30 + rh1 - 4 * nh1 : LARGEST_HEAD
  const body = Math.max(0, bytesOut - head - 31)
  const low = FRAME_HEADER + 1 + body + FRAME_HEADER * Math.ceil(body / LARGEST_FRAME)
  const high =
    bytesOut + CONNECTION + FRAME_HEADER * (2 + Math.ceil(bytesOut / SMALL_FRAME)) + (isSet(rh1) ? rh1 : 0)
  const figure = figureOf([
    logged,
    between('frames', low - bytesOut, high - bytesOut, low + 60 - bytesOut, 'estimated'),
  ])
  return isBrokenOff(transfer) ? { ...figure, low: 0, aborted: true } : figure
}

/** A line that may be of either: between what both would be. */
export function perhapsFramed(figure: WireFigure, framed: WireFigure): WireFigure {
  const { high, terms, assumes, kind } = figure
  if (kind === 'unknown' || high === undefined || framed.high === undefined) {
    return { ...figure, low: Math.min(figure.low, framed.low) }
  }
  const [less, more] = [Math.min(0, framed.low - figure.low), Math.max(0, framed.high - high)]
  const either = figureOf([...terms, between('frames', less, more, 0, 'estimated')], assumes)
  return figure.aborted ? { ...either, low: 0, aborted: true } : either
}
