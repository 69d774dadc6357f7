import type { Transfer } from '../transfer/index.ts'

/** What the lines of one proxy say. Bytes are exact at any size. */
export interface LoggedSums {
  lines: number
  bytesOut: bigint
  bytesIn: bigint
  /** Lines that don't say how much the client sent: %U is in no format that HAProxy has by name. */
  withoutBytesIn: number
  /** Logged before their end (`option logasap`). */
  partial: number
  /** `LR`: replies that HAProxy made before it chose a server; they are in its count `intercepted`. */
  intercepted: number
  /** Of all: those that reached no backend (`<NOSRV>`, `<STATS>`...), which only the frontend's counters have. */
  withoutServer: { lines: number; bytesOut: bigint; bytesIn: bigint }
  largestOut: bigint
  largestIn: bigint
}

export const noLoggedSums = (): LoggedSums => ({
  lines: 0,
  bytesOut: 0n,
  bytesIn: 0n,
  withoutBytesIn: 0,
  partial: 0,
  intercepted: 0,
  withoutServer: { lines: 0, bytesOut: 0n, bytesIn: 0n },
  largestOut: 0n,
  largestIn: 0n,
})

export function addTransfer(
  to: LoggedSums,
  {
    bytesOut,
    bytesIn,
    partial,
    state,
    server,
  }: Pick<Transfer, 'bytesOut' | 'bytesIn' | 'partial' | 'state' | 'server'>,
): void {
  const [out, sent] = [BigInt(bytesOut ?? 0), BigInt(bytesIn ?? 0)]
  to.lines++
  to.bytesOut += out
  to.bytesIn += sent
  if (bytesIn === undefined) to.withoutBytesIn++
  if (partial) to.partial++
  // Of a cache they are no interceptions.
  if (state?.startsWith('LR') && server !== '<CACHE>') to.intercepted++
  if (server?.startsWith('<')) {
    to.withoutServer.lines++
    to.withoutServer.bytesOut += out
    to.withoutServer.bytesIn += sent
  }
  if (out > to.largestOut) to.largestOut = out
  if (sent > to.largestIn) to.largestIn = sent
}

export function addLoggedSums(to: LoggedSums, from: LoggedSums): void {
  to.lines += from.lines
  to.bytesOut += from.bytesOut
  to.bytesIn += from.bytesIn
  to.withoutBytesIn += from.withoutBytesIn
  to.partial += from.partial
  to.intercepted += from.intercepted
  to.withoutServer.lines += from.withoutServer.lines
  to.withoutServer.bytesOut += from.withoutServer.bytesOut
  to.withoutServer.bytesIn += from.withoutServer.bytesIn
  if (from.largestOut > to.largestOut) to.largestOut = from.largestOut
  if (from.largestIn > to.largestIn) to.largestIn = from.largestIn
}
