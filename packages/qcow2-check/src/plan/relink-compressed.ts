import type { Survey } from '../check/survey.ts'
import { compressedExtent } from '../format/index.ts'
import { editOf, entryOf, isMissed, isNobodys, viewOf } from './compressed-entries.ts'
import type { SectorCounter } from './compressed-sectors.ts'
import type { Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'

/** Cross-linked clusters whose owners are looked up, and places that are tried for each. */
const MOST_SHARED = 256
const MOST_PLACES = 1024

/**
 * Entries of compressed clusters that lead into data of somebody else, where nothing inflates: their own stream lies at
 * the same byte of a cluster that has a reference more than is known, if one of just this length does there, and in no
 * other.
 */
export async function relinkCompressed(
  draft: Draft,
  survey: Survey,
  counter: SectorCounter,
): Promise<boolean> {
  const { image, crossLinked } = survey
  const { clusterSize, clusterBits } = image.geometry
  const places = missing(survey)
  if (places.length === 0) return false
  const shared = new Set(crossLinked)
  const owners = await survey.ownersOf(new Set(crossLinked.slice(0, MOST_SHARED)))
  let changed = false
  for (const own of owners.values()) {
    const [owner, other] = own.filter(({ kind }) => kind === 'compressed')
    if (owner?.kind !== 'compressed' || other || shared.has(owner.l2Offset / clusterSize)) continue
    const at = entryOf(survey, owner)
    const view = viewOf(await readPadded(draft.overlay, at, 8))
    const { host, sectors } = compressedExtent(view.getUint32(0), view.getUint32(4), clusterBits)
    if ((await counter.needed(host, sectors)) !== undefined) continue
    const found: number[] = []
    for (const cluster of places) {
      const place = cluster * clusterSize + (host % clusterSize)
      if (!isMissed(survey, place, sectors) || (await counter.needed(place, sectors)) !== sectors) continue
      if (await isNobodys(survey, place, owner.guest)) found.push(place)
    }
    const [only] = found
    if (only === undefined || found.length > 1) continue
    const spec = {
      class: 'relink' as const,
      code: 'cross-link' as const,
      offset: at,
      why: 'a compressed cluster leads into data of another place: only one that nobody has inflates to a whole one',
      guest: [{ offset: owner.guest, length: clusterSize }],
      disks: owner.snapshots,
    }
    changed = (await draft.act(spec, [editOf(at, only, sectors, clusterBits)])) || changed
  }
  return changed
}

/** Clusters that have a reference more than is known. */
function missing({ findings, image }: Survey): readonly number[] {
  const { clusterSize } = image.geometry
  const clusters: number[] = []
  for (const { code, offset, length } of findings) {
    if (code !== 'refcount-high' && code !== 'leak') continue
    for (let at = offset; at < offset + length && clusters.length < MOST_PLACES; at += clusterSize)
      clusters.push(at / clusterSize)
  }
  return clusters
}
