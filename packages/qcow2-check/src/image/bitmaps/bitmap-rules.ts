import { BITMAP_FLAG, type BitmapEntry, LIMITS } from '../../format/index.ts'

const DIRTY_TRACKING = 1

/** Why an entry of the directory can't be; QEMU has one wording for all of it. */
export function entryFault(entry: BitmapEntry, clusterSize: number, virtualSize: number): string | undefined {
  const { tableOffset, tableSize, flags, type, granularityBits, name, extraData } = entry
  const { min, max } = LIMITS.bitmapGranularityBits
  if (extraData.length > 0) return 'its extra data are unknown'
  if (tableOffset === 0n || tableOffset % BigInt(clusterSize) !== 0n)
    return `its table can't be at 0x${tableOffset.toString(16)}`
  if (tableSize === 0 || tableSize > LIMITS.bitmapTableEntries || tableSize * clusterSize > LIMITS.bitmap)
    return `a table of ${tableSize} entries is impossible`
  if (granularityBits < min || granularityBits > max)
    return `a granularity of 2^${granularityBits} is impossible`
  if ((flags & ~(BITMAP_FLAG.inUse | BITMAP_FLAG.auto)) !== 0)
    return `its flags are unknown (0x${flags.toString(16)})`
  if (name.length > LIMITS.bitmapName) return `a name of ${name.length} bytes is too long`
  if (type !== DIRTY_TRACKING) return `its type ${type} is unknown`
  const inUse = (flags & BITMAP_FLAG.inUse) !== 0
  if (!inUse && virtualSize > tableSize * clusterSize * 8 * 2 ** granularityBits)
    return 'its table is too short for the disk'
  return undefined
}

/** Entries that the table of a bitmap must have: its bits in words of 64, cut into clusters. */
export function tableEntriesFor(virtualSize: number, granularityBits: number, clusterSize: number): number {
  const bits = Math.ceil(virtualSize / 2 ** granularityBits)
  return Math.ceil((Math.ceil(bits / 64) * 8) / clusterSize)
}
