import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { COMPRESSED_HIGH, type CompressedExtent, compressedExtent } from '../format/index.ts'
import { editOf, entryOf, isMissed, isNobodys, viewOf } from './compressed-entries.ts'
import { SectorCounter } from './compressed-sectors.ts'
import { disksOf, readL2, windowsOf } from './disk-tables.ts'
import type { Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'
import { relinkCompressed } from './relink-compressed.ts'

/** Cross-linked clusters whose owners are looked up. */
const MOST_SHARED = 4096
/** Entries beyond the end that are tried: with more, a table is rubbish. */
const MOST_TRIED = 256

/**
 * Entries of compressed clusters that claim more sectors than their data have, and those beyond the end of which one bit
 * is wrong. What inflates to a whole cluster, from just this byte on and with just these sectors, is proof enough.
 */
export async function planCompressed(draft: Draft, survey: Survey): Promise<boolean> {
  const { features } = survey.image
  const beyond = survey.findings.some(({ code }) => code === 'l2-entry-beyond-end')
  const possible = features.encryption === 'none' && !features.externalData
  if (!possible || (survey.crossLinked.length === 0 && !beyond)) return false
  const counter = await SectorCounter.of(survey.image)
  const shortened = await shorten(draft, survey, counter)
  if (shortened) return true
  const relinked = await relinkCompressed(draft, survey, counter)
  return (beyond && (await mendBits(draft, survey, counter))) || relinked
}

/** The guest reads the same bytes; what the entry claimed of its neighbours is theirs again. */
async function shorten(draft: Draft, survey: Survey, counter: SectorCounter): Promise<boolean> {
  const { image, crossLinked } = survey
  const { clusterSize, clusterBits } = image.geometry
  const owners = await survey.ownersOf(new Set(crossLinked.slice(0, MOST_SHARED)))
  const shared = new Set(crossLinked)
  const done = new Set<number>()
  let changed = false
  for (const owner of [...owners.values()].flat()) {
    if (owner.kind !== 'compressed' || shared.has(owner.l2Offset / clusterSize)) continue
    const at = entryOf(survey, owner)
    if (done.has(at)) continue
    done.add(at)
    const view = viewOf(await readPadded(draft.overlay, at, 8))
    const { host, sectors } = compressedExtent(view.getUint32(0), view.getUint32(4), clusterBits)
    const needed = await counter.needed(host, sectors)
    if (needed === undefined || needed >= sectors) continue
    const spec = {
      class: 'restore-mapping' as const,
      code: 'cross-link' as const,
      offset: at,
      why: `a compressed cluster has ${needed} sectors, not ${sectors}: its data end before those of others`,
      guest: [{ offset: owner.guest, length: clusterSize }],
      disks: owner.snapshots,
    }
    changed = (await draft.act(spec, [editOf(at, host, needed, clusterBits)])) || changed
  }
  return changed
}

async function mendBits(draft: Draft, survey: Survey, counter: SectorCounter): Promise<boolean> {
  const { image } = survey
  const { clusterSize, clusterBits, l2Coverage, l2EntrySize } = image.geometry
  const ids = disksOf(image).map(({ snapshot }) => snapshot?.id)
  const shared = new Set(survey.crossLinked)
  const done = new Set<number>()
  let tried = 0
  let changed = false
  for await (const { index, entries } of windowsOf(image))
    for (const { l2 } of entries) {
      if (l2 === 0 || done.has(l2) || shared.has(l2 / clusterSize)) continue
      done.add(l2)
      const view = await readL2(image, l2)
      for (let at = 0; at < clusterSize; at += l2EntrySize) {
        const high = view.getUint32(at)
        if ((high & COMPRESSED_HIGH) === 0) continue
        const extent = compressedExtent(high, view.getUint32(at + 4), clusterBits)
        if (extent.host < image.fileSize) continue
        if (++tried > MOST_TRIED) return changed
        const guest = index * l2Coverage + (at / l2EntrySize) * clusterSize
        const host = await onlyNear(survey, extent, guest, counter)
        if (host === undefined) continue
        const spec = {
          class: 'restore-mapping' as const,
          code: 'l2-entry-beyond-end' as FindingCode,
          offset: l2 + at,
          why: 'one bit of the offset of a compressed cluster is wrong: only so it leads to a whole one, which nobody else has',
          guest: [{ offset: guest, length: clusterSize }],
          disks: entries.filter((one) => one.l2 === l2).map(({ disk }) => ids[disk]),
        }
        changed = (await draft.act(spec, [editOf(l2 + at, host, extent.sectors, clusterBits)])) || changed
      }
    }
  return changed
}

/** The one place, a bit away, where a compressed cluster of just this length lies that refcounts account for. */
async function onlyNear(
  survey: Survey,
  { host, sectors }: CompressedExtent,
  guest: number,
  counter: SectorCounter,
): Promise<number | undefined> {
  const { fileSize, geometry } = survey.image
  const found: number[] = []
  for (let bit = 2 ** (61 - (geometry.clusterBits - 8)); bit >= 1; bit /= 2) {
    const near = Math.floor(host / bit) % 2 === 1 ? host - bit : host + bit
    if (near <= 0 || near >= fileSize || !isMissed(survey, near, sectors)) continue
    if ((await counter.needed(near, sectors)) === sectors) found.push(near)
  }
  const [only] = found
  return only !== undefined && found.length === 1 && (await isNobodys(survey, only, guest)) ? only : undefined
}
