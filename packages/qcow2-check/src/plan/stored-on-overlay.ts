import type { Survey } from '../check/survey.ts'
import { getRefcount } from '../format/index.ts'
import { differingByBlock } from './differing-by-block.ts'
import type { Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'
import type { RefcountBlocks } from './refcount-blocks.ts'

/**
 * Refcounts as they stand on the overlay once they were planned. Only blocks in which something differed can have
 * changed; they are in memory there anyway.
 *
 * @param survey from before
 */
export async function storedOnOverlay(
  draft: Draft,
  survey: Survey,
  { offsets }: RefcountBlocks,
): Promise<(cluster: number) => number> {
  const { clusterSize, refcountBlockEntries: perBlock, refcountOrder: order } = survey.image.geometry
  const read = new Map<number, Uint8Array>()
  for (const { number } of differingByBlock(survey)) {
    const offset = offsets[number] ?? 0
    if (offset > 0) read.set(number, await readPadded(draft.overlay, offset, clusterSize))
  }
  // Tables are mostly in the order of the file.
  let number = -1
  let block: Uint8Array | undefined
  return (cluster) => {
    const wanted = Math.floor(cluster / perBlock)
    if (wanted !== number) {
      number = wanted
      block = read.get(number)
    }
    return block === undefined
      ? survey.stored(cluster)
      : getRefcount(block, order, cluster - number * perBlock)
  }
}
