import type { L1Table } from './image.ts'
import { mappedClusters } from './mapped-clusters.ts'
import type { OpenContext } from './open-context.ts'

/**
 * True if an L1 table leads to clusters. One that only leads to L2 tables does not count: machine state that was
 * dropped leaves such.
 */
export async function mapsData(
  context: Pick<OpenContext, 'source' | 'geometry' | 'fileSize'>,
  l1: L1Table,
): Promise<boolean> {
  const { done } = await mappedClusters(context, l1).next()
  return done !== true
}
