import { type Abi, structOffsets } from './architecture.ts'
import { FieldReader } from './field-reader.ts'
import { type Layout, PDP_PREP_SIZE } from './layout.ts'
import type { Version } from './types.ts'

interface Candidate {
  readonly abi: Abi
  readonly layout: Layout
}

const isReading = (text: string): boolean => /^[ -~]+$/.test(text)

/** What is known of the file whatever the size of its time_t. */
interface Measured {
  /** At least everything before the cells. */
  readonly bytes: Uint8Array
  readonly version: Version
  readonly dsCount: number
  readonly rraCount: number
  readonly fileLength: number
}

/** How well a file reads under one size of time_t; higher is better. */
const score = (
  { abi, layout }: Candidate,
  { bytes, version, dsCount, rraCount, fileLength }: Measured,
): number => {
  if (layout.length > bytes.length) return -1
  const reader = new FieldReader(bytes, abi)
  let cells = 0
  let rowsValid = true
  for (let r = 0; r < rraCount; r++) {
    const def = layout.rraDef + r * structOffsets(abi).rraDef
    const rows = reader.ulong(def + structOffsets(abi).rowCount)
    cells += rows * dsCount * 8
    rowsValid &&= reader.ulong(layout.rraPtr + r * abi.long) < rows
  }
  const end = layout.length + cells
  const lastUpdate = reader.time(layout.liveHead)
  const usec = version < 3 ? 0 : reader.long(layout.liveHead + abi.time)
  const live =
    lastUpdate > 0 &&
    Number.isSafeInteger(lastUpdate) &&
    usec >= 0 &&
    usec < 1e6 &&
    Array.from({ length: dsCount }, (_, d) => reader.text(layout.pdpPrep + d * PDP_PREP_SIZE, 30)).every(
      isReading,
    )
  return (rowsValid ? 4 : 0) + (live ? 4 : 0) + (end <= fileLength ? 2 : 0) + (end === fileLength ? 1 : 0)
}

/**
 * Nothing in stat_head tells a 4 byte time_t from an 8 byte one, so the file is read both ways. What counts most is
 * that every cur_row lies in its archive and that the live head and the last readings make sense; the length comes
 * after, since files get cut, and real ones carry trailing bytes. On a tie: 4 bytes, by far the commoner.
 */
export const pickTimeSize = <C extends Candidate>(candidates: readonly C[], file: Measured): C => {
  let best = candidates[0] as C
  if (candidates.length === 1) return best
  let bestScore = Number.NEGATIVE_INFINITY
  for (const candidate of candidates) {
    const points = score(candidate, file)
    if (points > bestScore) {
      best = candidate
      bestScore = points
    }
  }
  return best
}
