import type { WireFields } from './fields.ts'
import { between, exactly, figureOf, type WireFigure } from './figure.ts'
import type { LoggedTransfer } from './logged-transfer.ts'
import { requestHead } from './request-read.ts'

/** HPACK, frames, window updates; the connection's own frames are shared by its streams. */
export function framedRequest(
  bytesIn: number,
  { bytesOut = 0 }: LoggedTransfer,
  fields: WireFields,
): WireFigure {
  const head = requestHead(fields)
  const body = head === undefined ? 0 : Math.max(0, bytesIn - head)
  const frames = 9 * Math.ceil(body / 16_384)
  const low = 10 + body + frames
  const updates = 26 * Math.ceil(bytesOut / 8192)
  const terms = [
    exactly('logged', bytesIn),
    between('frames', low - bytesIn, 150 + frames + updates, Math.max(0, low - bytesIn), 'estimated'),
  ]
  return figureOf(terms)
}
