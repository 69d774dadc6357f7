import type { Owner, Survey } from '../check/survey.ts'
import { OFFSET_HIGH, OFFSET_LOW, offsetHalves } from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import type { Draft, Edit } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import { readPadded } from './read-padded.ts'

/** Bytes of copies that one plan may hold in memory. */
const MOST_COPIED = 256 * 1024 * 1024

type DataOwner = Extract<Owner, { kind: 'data' | 'compressed' }>

/**
 * Clusters with owners who can't share: every place of the guest's disk but one gets a copy of its own, so that the next
 * write changes one of them only. What the guest reads stays; which of the owners was overwritten is not known. Never
 * with LUKS, where a sector's key depends on its place in the file.
 */
export async function planCrossLinks(
  draft: Draft,
  survey: Survey,
  _evidence: Evidence,
  space: FreeSpace,
): Promise<boolean> {
  const { image, crossLinked } = survey
  if (crossLinked.length === 0 || image.features.encryption === 'luks' || image.features.externalData)
    return false
  // Where nothing is leaked, what one of them has lost is not in the file: it would look whole, and would not be.
  if (survey.leaked.length === 0 && !draft.limits.allow.has('split-cross-link')) return false
  if (!draft.may('split-cross-link', 'cross-link')) return false
  const { clusterSize } = image.geometry
  const clusters = crossLinked.slice(0, Math.floor(MOST_COPIED / clusterSize))
  const all = await survey.ownersOf(new Set(clusters))
  const shared = new Set(crossLinked)
  let changed = false
  for (const cluster of clusters) {
    const groups = placesToMove(all.get(cluster) ?? [])
    for (const owners of groups) {
      if (owners.some(({ l2Offset }) => shared.has(l2Offset / clusterSize))) continue
      const place = await space.take(1)
      if (place === undefined) return changed
      const bytes = await readPadded(draft.overlay, cluster * clusterSize, clusterSize)
      const edits: Edit[] = [{ offset: place, bytes, phase: 'append' }]
      for (const owner of owners) edits.push(await entryEdit(draft, survey, owner, place))
      const guest = owners[0]?.guest ?? 0
      const spec = {
        class: 'split-cross-link' as const,
        code: 'cross-link' as const,
        offset: cluster * clusterSize,
        why: `the guest's disk at ${guest} gets a copy of the cluster of its own; something else uses it too`,
        lossy: true,
        disks: owners.flatMap(({ snapshots }) => snapshots),
      }
      changed = (await draft.act(spec, edits)) || changed
    }
  }
  return changed
}

/** Guest data, by its place on the disk; snapshots share only what is at the same place. A table stays where it is. */
function placesToMove(owners: readonly Owner[]): readonly (readonly DataOwner[])[] {
  const places = new Map<number, DataOwner[]>()
  let fixed = false
  for (const owner of owners) {
    if (owner.kind !== 'data') fixed = true
    else places.set(owner.guest, [...(places.get(owner.guest) ?? []), owner])
  }
  const groups = [...places.values()]
  return fixed ? groups : groups.slice(1)
}

async function entryEdit(
  draft: Draft,
  { image }: Survey,
  { guest, l2Offset }: DataOwner,
  place: number,
): Promise<Edit> {
  const { l2Coverage, clusterSize, l2EntrySize } = image.geometry
  const offset = l2Offset + Math.floor((guest % l2Coverage) / clusterSize) * l2EntrySize
  const bytes = await readPadded(draft.overlay, offset, 8)
  const view = new DataView(bytes.buffer)
  const { high, low } = offsetHalves(place)
  view.setUint32(0, ((view.getUint32(0) & ~OFFSET_HIGH & 0x7fff_ffff) | high) >>> 0)
  view.setUint32(4, ((view.getUint32(4) & ~OFFSET_LOW) | low) >>> 0)
  return { offset, bytes, phase: 'link' }
}
