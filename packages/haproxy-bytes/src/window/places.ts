import type { ByteRange } from '../source/index.ts'
import type { ProbedLines } from './probe.ts'

/** Of the file is read at all places together: the issue of a window is to leave the rest alone. */
const SHARE = 1 / 100
const MOST = 256
const LEAST = 32

/** How many places a file is looked at. */
export function placesFor({ length, block }: ProbedLines): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor((length * SHARE) / block)))
}

/** Of two neighbours of half the places: a block out of order that is longer is seen wherever it lies. */
export function evenly(count: number, { from, to }: ByteRange): number[] {
  return Array.from({ length: count }, (_, place) => Math.floor(from + ((to - from) * place) / count))
}

/**
 * From a place on in growing steps, beginning with `near`: lines that were put elsewhere lie near to where they belong
 * more often than far from it, and the further away the more of them there are.
 */
export function away(count: number, { from, to }: { from: number; to: number }, near: number): number[] {
  const furthest = Math.abs(to - from)
  if (furthest <= near || count === 0) return []
  const growth = (furthest / near) ** (1 / count)
  const direction = Math.sign(to - from)
  return Array.from({ length: count }, (_, step) => Math.floor(from + direction * near * growth ** step))
}
