import { LIMITS } from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { ClusterSet } from './cluster-set.ts'
import { addTargets } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'

const EXTENSION_LENGTH = 24
const ENTRY_LENGTH = 24

/**
 * Clusters of all bitmaps as far as their tables can be followed, whether QEMU would take notice of them or not.
 *
 * @param extension data of the header extension "bitmaps"
 */
export async function bitmapClusters(image: Image, extension: Uint8Array): Promise<ClusterSet> {
  const clusters = new ClusterSet()
  if (extension.length < EXTENSION_LENGTH) return clusters
  const view = viewOf(extension)
  const { source, geometry, fileSize } = image
  const { clusterSize, clusterBits } = geometry
  const size = Number(view.getBigUint64(8))
  const offset = Number(view.getBigUint64(16))
  const fits = (at: number, length: number) =>
    at > 0 &&
    at % clusterSize === 0 &&
    length > 0 &&
    at + length <= Math.ceil(fileSize / clusterSize) * clusterSize
  if (size > LIMITS.bitmapDirectory || !fits(offset, size)) return clusters
  const own = (at: number, length: number) => {
    for (let one = at; one < at + length; one += clusterSize) clusters.add(one / clusterSize)
  }
  own(offset, size)
  const directory = await readPadded(source, offset, size)
  const entries = viewOf(directory)
  for (let at = 0; at + ENTRY_LENGTH <= size; ) {
    const table = Number(entries.getBigUint64(at))
    const length = entries.getUint32(at + 8) * 8
    const total = ENTRY_LENGTH + entries.getUint32(at + 20) + entries.getUint16(at + 18)
    if (fits(table, length)) {
      own(table, length)
      const bytes = await readPadded(source, table, length)
      addTargets(bytes, clusterBits, (cluster) => cluster * clusterSize < fileSize, clusters)
    }
    at += Math.ceil(total / 8) * 8
  }
  return clusters
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
