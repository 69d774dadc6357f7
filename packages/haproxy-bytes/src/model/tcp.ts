import { between, exactly, figureOf, unknownFigure, type Wire } from './figure.ts'
import { isBrokenOff, type LoggedTransfer, type WireContext } from './logged-transfer.ts'
import { proxyHeader } from './proxy-header.ts'

/** `mode tcp`: bytes as they passed, in every version. */
export function tcpWire(transfer: LoggedTransfer, { facts }: WireContext): Wire {
  const { bytesOut, bytesIn, partial } = transfer
  const proxy = proxyHeader(transfer, facts)
  const isBroken = isBrokenOff(transfer)
  const side = (bytes: number | undefined, isOut: boolean) => {
    if (bytes === undefined) return unknownFigure('no-bytes')
    if (partial) return unknownFigure('partial', [exactly('logged', bytes)])
    if (!isOut) return figureOf([exactly('logged', bytes), proxy.term], proxy.assumes)
    if (!isBroken) return figureOf([exactly('logged', bytes)])
    const missing = between('missing', -bytes, 0, 0)
    return { ...figureOf([exactly('logged', bytes), missing]), aborted: true as const }
  }
  return { out: side(bytesOut, true), in: side(bytesIn, false) }
}
