import type { Survey } from '../check/survey.ts'
import { LIMITS } from '../format/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { distinctDisks, readL2, windowsOf } from './disk-tables.ts'
import type { Draft } from './draft.ts'
import { addTargets } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'

/** Clusters behind the end of the file that are looked at for entries pointing there. */
const MOST_BEYOND = 2 ** 20
/** Clusters inside of the file that are read, in search of a free one. */
const MOST_READ = 4096

/**
 * Finds places for new tables: behind the end of the file if no entry points there (the end of a truncated file, where
 * it would turn a lost cluster into a wrong one), else in clusters of zeros that nothing has ever used.
 */
export class FreeSpace {
  readonly #draft: Draft
  readonly #survey: Survey
  #taken = new ClusterSet()
  #beyond: ClusterSet | undefined

  constructor(draft: Draft, survey: Survey) {
    this.#draft = draft
    this.#survey = survey
  }

  /** @returns offset of `count` clusters in a row, bytes; undefined if there is no safe place */
  async take(count: number): Promise<number | undefined> {
    const { clusterSize } = this.#survey.image.geometry
    this.#beyond ??= await this.#pointedBeyond()
    let first = Math.ceil(this.#draft.overlay.size / clusterSize)
    while (this.#taken.has(first)) first++
    const clear = [...this.#beyond].every((cluster) => cluster >= first + count)
    const place = clear ? first : await this.#inside(count)
    if (place === undefined) return undefined
    this.#taken.addRange({ first: place, count })
    return place * clusterSize
  }

  /** Of what was taken last: it is not needed after all. */
  giveBack(offset: number, count: number): void {
    const first = offset / this.#survey.image.geometry.clusterSize
    for (let cluster = first; cluster < first + count; cluster++) this.#taken.delete(cluster)
  }

  async #pointedBeyond(): Promise<ClusterSet> {
    const { image, findings, clusters } = this.#survey
    const beyond = new ClusterSet()
    if (!findings.some(({ code }) => code.endsWith('beyond-end') || code === 'truncated')) return beyond
    const wanted = (cluster: number) => cluster >= clusters && cluster < clusters + MOST_BEYOND
    const { clusterBits } = image.geometry
    const disks = distinctDisks(image)
    for (const { l1 } of disks) {
      const bytes = await readPadded(image.source, l1.offset, Math.min(l1.entries * 8, LIMITS.l1Table))
      addTargets(bytes, clusterBits, wanted, beyond)
    }
    const seen = new Set<number>()
    for await (const { entries } of windowsOf(image, disks))
      for (const { l2 } of entries) {
        if (l2 === 0 || seen.has(l2)) continue
        seen.add(l2)
        const { buffer } = await readL2(image, l2)
        addTargets(new Uint8Array(buffer), clusterBits, wanted, beyond)
      }
    return beyond
  }

  async #inside(count: number): Promise<number | undefined> {
    const survey = this.#survey
    const { clusterSize } = survey.image.geometry
    let run = 0
    let reads = 0
    // The last cluster may be cut by the end of the file, and the first is the header.
    for (let cluster = 1; cluster < Math.floor(survey.image.fileSize / clusterSize); cluster++) {
      const unused =
        survey.referenced(cluster) === 0 && survey.stored(cluster) === 0 && !this.#taken.has(cluster)
      if (!unused) {
        run = 0
        continue
      }
      if (++reads > MOST_READ) return undefined
      const bytes = await readPadded(this.#draft.overlay, cluster * clusterSize, clusterSize)
      run = bytes.every((byte) => byte === 0) ? run + 1 : 0
      if (run === count) return cluster - count + 1
    }
    return undefined
  }
}
