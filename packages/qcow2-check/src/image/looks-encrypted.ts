import type { Image } from './image.ts'
import { mappedClusters } from './mapped-clusters.ts'
import { readRange } from './read-range.ts'

/** Clusters that are looked into, and bytes of each. */
const MOST_CLUSTERS = 256
const MOST_BYTES = 65_536
/** So many bytes below 0x80 in a row, as text and zeros have them, stand in encrypted data with a chance of 2^-64. */
const PLAIN_RUN = 64
/** Bytes of an AES block: encrypted in a chain, the next one is never the same but by a chance of 2^-128. */
const BLOCK = 16

/**
 * True where the guest has data and none of them is text, zeros or a pattern: they are encrypted, by QEMU or by the guest. AES, the
 * method of before LUKS, has no header that would tell.
 */
export async function looksEncrypted(image: Image): Promise<boolean> {
  const { source, geometry, activeL1, fileSize, features } = image
  if (features.externalData) return false
  const length = Math.min(geometry.clusterSize, MOST_BYTES)
  let looked = 0
  for await (const { compressed, host } of mappedClusters(image, activeL1)) {
    // QEMU compresses nothing that it encrypts.
    if (compressed) return false
    if (host % geometry.clusterSize !== 0 || host >= fileSize) continue
    if (hasPlainRun((await readRange(source, host, length)).bytes)) return false
    if (++looked === MOST_CLUSTERS) break
  }
  return looked > 0
}

function hasPlainRun(bytes: Uint8Array): boolean {
  let [low, same] = [0, 0]
  for (const [at, byte] of bytes.entries()) {
    low = byte < 0x80 ? low + 1 : 0
    same = byte === bytes[at - BLOCK] ? same + 1 : 0
    if (low === PLAIN_RUN || same === PLAIN_RUN) return true
  }
  return false
}
