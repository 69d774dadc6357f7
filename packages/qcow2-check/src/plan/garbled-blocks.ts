import type { Survey } from '../check/survey.ts'
import { differingByBlock } from './differing-by-block.ts'

/** More lost snapshots than this are not believed in; a refcount so much too high is rubbish. */
const MOST_LOST = 64

/** Of refcounts of 2 bits, a quarter is 0 and half is too high by chance; one sixteenth is far from any honest damage. */
const CHANCE = 1 / 16

/**
 * Refcount blocks whose values say nothing, as they were zeroed or overwritten: more than half of the clusters that are
 * referenced have refcount 0 there, or one that no number of lost snapshots accounts for; or many are free and many
 * others too high at once, as chance has it where refcounts are narrow.
 *
 * @returns numbers of such blocks
 */
export function garbledBlocks(survey: Survey): ReadonlySet<number> {
  const garbled = new Set<number>()
  for (const { number, runs } of differingByBlock(survey)) {
    let wrong = 0
    let free = 0
    let high = 0
    for (const { count, stored, referenced } of runs) {
      if (referenced === 0) continue
      if (stored === 0 || stored > referenced + MOST_LOST) wrong += count
      if (stored === 0) free += count
      else if (stored > referenced) high += count
    }
    if (wrong === 0 && Math.min(free, high) === 0) continue
    const referenced = referencedIn(survey, number)
    if (wrong * 2 > referenced || Math.min(free, high) > Math.max(3, referenced * CHANCE)) garbled.add(number)
  }
  return garbled
}

function referencedIn({ image, clusters, nextReferenced }: Survey, block: number): number {
  const { refcountBlockEntries } = image.geometry
  const first = block * refcountBlockEntries
  const end = Math.min(first + refcountBlockEntries, clusters)
  let count = 0
  for (let cluster = nextReferenced(first); cluster < end; cluster = nextReferenced(cluster + 1)) count++
  return count
}

/** False for a refcount so much above the references that no number of lost snapshots accounts for it. */
export function credible(survey: Survey, cluster: number): boolean {
  return survey.stored(cluster) <= survey.referenced(cluster) + MOST_LOST
}
