import type { Image } from '../image/image.ts'
import { ClusterSet } from './cluster-set.ts'
import { addTargets } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'

/**
 * Clusters that L1 tables reach: their L2 tables, and what these point to.
 *
 * @param l1s offsets in bytes; of infinite `entries`: one cluster of them
 */
export async function reachOf(
  { source, geometry, fileSize }: Image,
  l1s: readonly { readonly offset: number; readonly entries: number }[],
  signal?: AbortSignal,
): Promise<ClusterSet> {
  const { clusterSize, clusterBits } = geometry
  const inFile = (cluster: number) => cluster * clusterSize < fileSize
  const tables = new ClusterSet()
  for (const { offset, entries } of l1s)
    for (let at = 0; at < Math.min(entries * 8, fileSize - offset); at += clusterSize) {
      const length = Math.min(clusterSize, entries * 8 - at)
      addTargets(await readPadded(source, offset + at, length), clusterBits, inFile, tables)
      if (entries === Number.POSITIVE_INFINITY) break
    }
  const reached = new ClusterSet()
  for (const table of tables) {
    signal?.throwIfAborted()
    reached.add(table)
    addTargets(await readPadded(source, table * clusterSize, clusterSize), clusterBits, inFile, reached)
  }
  return reached
}
