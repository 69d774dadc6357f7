const TWO_32 = 2 ** 32

/** Where a compressed cluster lies; its end is known to 512 bytes only. */
export interface CompressedExtent {
  /** Bytes, to the byte. */
  readonly host: number
  /** Bytes from `host` to the end of its last sector. */
  readonly length: number
  /** First byte of its first sector, and sectors of 512 bytes: what its references are counted by. */
  readonly sectorStart: number
  readonly sectors: number
}

/**
 * "Compressed Clusters Descriptor": x = 62 - (clusterBits - 8); bits 0 to x-1 are the offset, bits x to 61 the number of
 * sectors beyond the first. An offset beyond 2^53 is rounded; no file is that long.
 */
export function compressedExtent(high: number, low: number, clusterBits: number): CompressedExtent {
  // x is 49 to 61: it always splits the upper half.
  const split = 62 - (clusterBits - 8) - 32
  const host = (high & (2 ** split - 1)) * TWO_32 + (low >>> 0)
  const sectors = ((high & 0x3fff_ffff) >>> split) + 1
  const within = low & 511
  return { host, length: sectors * 512 - within, sectorStart: host - within, sectors }
}

/** Halves of an L2 entry (without COPIED, which a compressed cluster never has). */
export function compressedEntry(
  host: number,
  sectors: number,
  clusterBits: number,
): { readonly high: number; readonly low: number } {
  const split = 62 - (clusterBits - 8) - 32
  const high = (0x4000_0000 | ((sectors - 1) << split) | Math.floor(host / TWO_32)) >>> 0
  return { high, low: (host % TWO_32) >>> 0 }
}
