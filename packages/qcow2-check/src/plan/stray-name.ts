import { decodeHeaderExtensions } from '../format/index.ts'
import type { Image } from '../image/image.ts'
import type { BlockSource } from '../source/index.ts'
import { readPadded } from './read-padded.ts'

/**
 * True if something stands behind the header and its extensions, where QEMU puts the name of the backing file: an image
 * whose header points elsewhere has one, and without it the guest would read zeros where the backing file has data.
 */
export async function hasStrayName(
  source: BlockSource,
  { geometry, headerLength }: Pick<Image, 'geometry' | 'headerLength'>,
): Promise<boolean> {
  const { clusterSize } = geometry
  const cluster = await readPadded(source, 0, clusterSize)
  const { end } = decodeHeaderExtensions(cluster, headerLength, clusterSize)
  return cluster.subarray(end).some((byte) => byte !== 0)
}
