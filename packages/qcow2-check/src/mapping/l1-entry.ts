import { entryOffset, L1_RESERVED_HIGH, L1_RESERVED_LOW } from '../format/index.ts'
import type { TableContext } from './table-context.ts'

/** What an L1 entry leads to: the offset of an L2 table (bytes, > 0), 0: nothing is mapped, or why it can't be followed. */
export type L1Target = number | 'l1-entry-reserved' | 'l1-entry-unaligned' | 'l1-entry-beyond-end'

/**
 * Reserved bits beside an offset are let pass, as QEMU does: they don't make the table another. Without an offset they
 * make it rubbish; QEMU would read zeros there.
 */
export function l1Target(high: number, low: number, { clusterSize, fileSize }: TableContext): L1Target {
  if (high === 0 && low === 0) return 0
  const offset = entryOffset(high, low)
  if (offset === 0)
    return (high & L1_RESERVED_HIGH) !== 0 || (low & L1_RESERVED_LOW) !== 0 ? 'l1-entry-reserved' : 0
  if (offset % clusterSize !== 0) return 'l1-entry-unaligned'
  return offset < fileSize ? offset : 'l1-entry-beyond-end'
}
