import {
  COMPRESSED_HIGH,
  compressedExtent,
  entryOffset,
  L2_RESERVED_HIGH,
  L2_RESERVED_LOW,
  OFFSET_LOW,
} from '../format/index.ts'
import type { Image } from '../image/image.ts'

/** `empty`: nothing allocated, it reads as zeros or the backing file; `bad`: against the format, or not in the file. */
export type L2Kind = 'empty' | 'data' | 'compressed' | 'bad'

/** What must be known of an image to tell what its L2 entries say. */
export interface L2Rules {
  readonly clusterSize: number
  readonly clusterBits: number
  readonly extendedL2: boolean
  readonly version: number
  readonly externalData: boolean
  readonly fileSize: number
}

export function l2RulesOf({ geometry, features, header, fileSize }: Image): L2Rules {
  return {
    clusterSize: geometry.clusterSize,
    clusterBits: geometry.clusterBits,
    extendedL2: features.extendedL2,
    version: header.version,
    externalData: features.externalData,
    fileSize,
  }
}

/** @param high, low the first 8 bytes of the entry */
export function l2Kind(high: number, low: number, rules: L2Rules): L2Kind {
  if ((high & COMPRESSED_HIGH) !== 0) {
    const { host } = compressedExtent(high, low, rules.clusterBits)
    return host < rules.fileSize && host > 0 && !rules.externalData ? 'compressed' : 'bad'
  }
  const zeroBit = rules.extendedL2 || rules.version < 3 ? 0x1ff : L2_RESERVED_LOW
  if ((high & L2_RESERVED_HIGH) !== 0 || (low & zeroBit) !== 0) return 'bad'
  const offset = entryOffset(high, low)
  if (offset === 0 && !(rules.externalData && high >>> 31 === 1)) return 'empty'
  // In the lower half alone, as the remainder of a number beyond 2^32 takes a call: clusters have at most 2 MiB.
  if ((low & OFFSET_LOW & (rules.clusterSize - 1)) !== 0) return 'bad'
  if (!rules.externalData && offset >= rules.fileSize) return 'bad'
  return 'data'
}
