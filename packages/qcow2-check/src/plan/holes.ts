import type { Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, COPIED_HIGH, compressedExtent, entryOffset } from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { ClusterSet } from './cluster-set.ts'
import { readL2, windowsOf } from './disk-tables.ts'
import { type L2Rules, l2Kind, l2RulesOf } from './l2-entry.ts'

/**
 * Clusters with a refcount above their references that another disk may have lost: at the same place of the guest's disk
 * it has nothing, or nothing that can be. And those that hold compressed data, where any hole may have been the other
 * reference.
 *
 * @param high clusters whose refcount is above what references them
 * @param credible not those whose refcount is rubbish: it says nothing of another reference
 */
export async function missedElsewhere(
  survey: Survey,
  high: (cluster: number) => boolean,
  credible: (cluster: number) => boolean,
  signal?: AbortSignal,
): Promise<ClusterSet> {
  const { image } = survey
  const missed = new ClusterSet()
  const compressed = new ClusterSet()
  const rules = l2RulesOf(image)
  let holes = false
  for await (const { entries } of windowsOf(image)) {
    signal?.throwIfAborted()
    const tables = [...new Set(entries.map(({ l2 }) => l2))].filter((l2) => l2 !== 0)
    const hole = entries.some((entry) => entry.hole)
    holes ||= hole
    const views: DataView[] = []
    const active = entries.find(({ disk }) => disk === 0)?.l2 ?? 0
    for (const l2 of tables) {
      const cluster = l2 / rules.clusterSize
      if (hole && high(cluster) && credible(cluster)) missed.add(cluster)
      views.push(await readL2(image, l2))
    }
    holes =
      compare(views, tables.indexOf(active), hole, image, rules, high, credible, missed, compressed) || holes
  }
  if (holes) for (const cluster of compressed) missed.add(cluster)
  return missed
}

/**
 * COPIED in an entry of the active disk says that it has never been shared since it was written: a snapshot that is
 * taken clears the flag.
 *
 * @returns true if an entry of one of the tables is empty or bad
 */
function compare(
  views: readonly DataView[],
  active: number,
  windowHole: boolean,
  { geometry }: Image,
  rules: L2Rules,
  high: (cluster: number) => boolean,
  credible: (cluster: number) => boolean,
  missed: ClusterSet,
  compressed: ClusterSet,
): boolean {
  const { clusterSize, clusterBits, l2EntrySize } = geometry
  let holes = false
  for (let at = 0; at < clusterSize; at += l2EntrySize) {
    let hole = windowHole
    for (const view of views) {
      const kind = l2Kind(view.getUint32(at), view.getUint32(at + 4), rules)
      if (kind === 'empty' || kind === 'bad') hole = true
    }
    holes ||= hole
    for (const [number, view] of views.entries()) {
      const upper = view.getUint32(at)
      const lower = view.getUint32(at + 4)
      if ((upper & COMPRESSED_HIGH) !== 0) {
        const { sectorStart, sectors } = compressedExtent(upper, lower, clusterBits)
        const last = Math.floor((sectorStart + sectors * 512 - 1) / clusterSize)
        for (let cluster = Math.floor(sectorStart / clusterSize); cluster <= last; cluster++)
          if (high(cluster)) compressed.add(cluster)
      } else if (hole && (number !== active || (upper & COPIED_HIGH) === 0)) {
        const cluster = Math.floor(entryOffset(upper, lower) / clusterSize)
        if (cluster > 0 && high(cluster) && credible(cluster)) missed.add(cluster)
      }
    }
  }
  return holes
}
