import type { ByteRange, OpenedLog } from '../source/index.ts'
import type { LineSink, ScanSettings } from './read-logs.ts'
import { checkOrder, seekSpan } from './seek.ts'

/** What of a log has to be read, and by what search it was found; no range: all. */
export interface WantedPart {
  readonly range?: ByteRange
  readonly search?: Search
}

/** What it found, and how much of the log was looked at for it. */
export interface Search extends ByteRange {
  readonly length: number
  readonly looked: number
  readonly places: number
}

/** Of `piece`, the part that holds the span. */
export async function partOf(
  log: OpenedLog,
  piece: ByteRange | undefined,
  { span, seek = true, onWarning, ...settings }: ScanSettings,
  { begin }: LineSink,
): Promise<WantedPart> {
  const { path, file } = log
  const whole = piece ? { range: piece } : {}
  if (span === undefined || !seek || !file) return whole
  const { range, places, looked, ...sought } = seekSpan(log, { ...settings, span })
  if (sought.hole) {
    const { offset, length } = sought.hole
    onWarning?.({ code: 'hole', path, offset, seconds: Math.round(length / 1000) })
    return whole
  }
  // Where the kernel counts, reading lines for their order would take longer than all else.
  const isChecked = begin === undefined && range !== undefined
  const disorder =
    sought.disorder ?? (isChecked ? await checkOrder(log, range, { ...settings, span }) : undefined)
  if (disorder) {
    const seconds = Math.round(disorder.behind / 1000)
    onWarning?.({ code: 'out-of-order', path, offset: disorder.offset, seconds })
    return whole
  }
  if (range === undefined) return whole
  const from = Math.max(range.from, piece?.from ?? 0)
  const to = Math.max(from, Math.min(range.to, piece?.to ?? file.length))
  return { range: { from, to }, search: { from, to, length: file.length, looked, places } }
}
