import { CLOSE, KEEP_ALIVE } from './connection.ts'
import { between, exactly, figureOf, unknownFigure, type Wire, type WireFigure } from './figure.ts'
import { isBrokenOff, type LoggedTransfer, madeHere, type WireContext } from './logged-transfer.ts'
import { proxyHeader } from './proxy-header.ts'

const BUFFER = 16_384

/** Up to 1.8, and without HTX: bytes as they were read from the server and from the client, framing included. */
export function legacyWire(transfer: LoggedTransfer, { facts }: WireContext): Wire {
  const { bytesOut, bytesIn, partial } = transfer
  const proxy = proxyHeader(transfer, facts)
  const sent =
    bytesIn === undefined
      ? unknownFigure('no-bytes')
      : partial
        ? unknownFigure('partial', [exactly('logged', bytesIn)])
        : figureOf([exactly('logged', bytesIn), proxy.term], proxy.assumes)
  return { out: received(transfer, facts, bytesOut), in: sent }
}

function received(
  transfer: LoggedTransfer,
  { known, compression, responseEdits }: WireContext['facts'],
  bytesOut: number | undefined,
): WireFigure {
  if (bytesOut === undefined) return unknownFigure('no-bytes')
  const logged = exactly('logged', bytesOut)
  if (transfer.partial) return unknownFigure('partial', [logged])
  // Replies of HAProxy's own are what it sent, to the byte.
  if (madeHere(transfer) || bytesOut === 0) return figureOf([logged])
  if (compression) return unknownFigure('compressed', [logged])
  const { low = -bytesOut, high = BUFFER } = known ? responseEdits : {}
  // A Connection header of either side may have been taken out, or one put in.
  const connection = between('connection', -KEEP_ALIVE, CLOSE, 0)
  const figure = figureOf([
    logged,
    between('rewritten', low, Math.max(low, high), Math.max(low, known ? (responseEdits.high ?? 0) : 0)),
    connection,
  ])
  return isBrokenOff(transfer) ? { ...figure, low: 0, aborted: true } : figure
}
