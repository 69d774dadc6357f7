import type { OpenedLog } from '../source/index.ts'
import type { LineReader, Reading } from '../transfer/index.ts'

/** ms within which a file was changed last that is taken for one that is still written. */
const LATELY = 60_000

/** Whether a line without a line feed may be written on: a pipe that has ended is complete, and what is compressed. */
export function isWritten({ file, compression, modified }: OpenedLog): boolean {
  return file !== undefined && compression === 'none' && Date.now() - modified < LATELY
}

/** Whether a line without a line feed has its figures whole: another digit at its end would not change them. */
export function isWhole(
  reader: LineReader,
  reading: Reading,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (reading.kind !== 'transfer') return false
  const longer = Buffer.concat([bytes.subarray(from, to), Buffer.from('0')])
  const other = reader.read(longer, 0, longer.length)
  if (other.kind !== 'transfer') return true
  const { bytesOut, bytesIn, status } = reading.transfer
  const { transfer } = other
  return transfer.bytesOut === bytesOut && transfer.bytesIn === bytesIn && transfer.status === status
}
