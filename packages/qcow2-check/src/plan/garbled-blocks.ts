import type { Survey } from '../check/survey.ts'

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
  const { refcountBlockEntries } = survey.image.geometry
  const garbled = new Set<number>()
  for (let first = 0; first < survey.clusters; first += refcountBlockEntries) {
    const end = Math.min(first + refcountBlockEntries, survey.clusters)
    let referenced = 0
    let wrong = 0
    let free = 0
    let high = 0
    for (let cluster = first; cluster < end; cluster++) {
      const references = survey.referenced(cluster)
      if (references === 0) continue
      referenced++
      const stored = survey.stored(cluster)
      if (stored === 0 || !credible(survey, cluster)) wrong++
      if (stored === 0) free++
      else if (stored > references) high++
    }
    if (wrong * 2 > referenced || Math.min(free, high) > Math.max(3, referenced * CHANCE))
      garbled.add(first / refcountBlockEntries)
  }
  return garbled
}

/** False for a refcount so much above the references that no number of lost snapshots accounts for it. */
export function credible(survey: Survey, cluster: number): boolean {
  return survey.stored(cluster) <= survey.referenced(cluster) + MOST_LOST
}
