import { COMPRESSED_HIGH, compressedExtent } from '../../format/index.ts'
import type { Image } from '../../image/index.ts'
import { readRange } from '../../image/read-range.ts'

/** L2 tables in which a compressed cluster is looked for. */
const MOST_TABLES = 256
/** RFC 8878, 3.1.1: 0xFD2FB528, little-endian. Deflated data have no magic. */
const ZSTD_MAGIC = 0x28b52ffd

/** True where the first compressed cluster of the active disk begins as a zstd frame does. */
export async function isZstd({ source, activeL1, geometry, fileSize }: Image): Promise<boolean> {
  const { clusterSize, clusterBits, l2EntrySize } = geometry
  const { bytes: l1 } = await readRange(source, activeL1.offset, Math.min(activeL1.entries, MOST_TABLES) * 8)
  const entries = new DataView(l1.buffer, l1.byteOffset, l1.byteLength)
  for (let at = 0; at + 8 <= l1.length; at += 8) {
    const offset = Number(entries.getBigUint64(at) & 0x00ff_ffff_ffff_fe00n)
    if (offset === 0 || offset >= fileSize) continue
    const { bytes: l2 } = await readRange(source, offset, clusterSize)
    const table = new DataView(l2.buffer, l2.byteOffset, l2.byteLength)
    for (let entry = 0; entry + l2EntrySize <= l2.length; entry += l2EntrySize) {
      const high = table.getUint32(entry)
      if ((high & COMPRESSED_HIGH) === 0) continue
      const { host } = compressedExtent(high, table.getUint32(entry + 4), clusterBits)
      const { bytes } = await readRange(source, host, 4)
      return bytes.length === 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === ZSTD_MAGIC
    }
  }
  return false
}
