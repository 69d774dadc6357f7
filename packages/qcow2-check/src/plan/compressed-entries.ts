import type { Survey } from '../check/survey.ts'
import { compressedEntry, compressedExtent } from '../format/index.ts'
import type { Edit } from './draft.ts'
import { readPadded } from './read-padded.ts'

const SECTOR = 512

/** Every cluster of it has a reference more than is known. */
export function isMissed(survey: Survey, host: number, sectors: number): boolean {
  const { clusterSize } = survey.image.geometry
  const last = Math.floor((host - (host % SECTOR) + sectors * SECTOR - 1) / clusterSize)
  for (let cluster = Math.floor(host / clusterSize); cluster <= last; cluster++)
    if (cluster >= survey.clusters || survey.stored(cluster) <= survey.referenced(cluster)) return false
  return true
}

/** No other place of the guest's disk has these data, and nothing else has their cluster. */
export async function isNobodys(survey: Survey, host: number, guest: number): Promise<boolean> {
  const { clusterSize, clusterBits } = survey.image.geometry
  const cluster = Math.floor(host / clusterSize)
  for (const owner of (await survey.ownersOf(new Set([cluster]))).get(cluster) ?? []) {
    if (owner.kind !== 'compressed') return false
    const view = viewOf(await readPadded(survey.image.source, entryOf(survey, owner), 8))
    const other = compressedExtent(view.getUint32(0), view.getUint32(4), clusterBits)
    if (other.host === host && owner.guest !== guest) return false
  }
  return true
}

export function entryOf(
  { image }: Survey,
  owner: { readonly guest: number; readonly l2Offset: number },
): number {
  const { clusterSize, l2Coverage, l2EntrySize } = image.geometry
  return owner.l2Offset + Math.floor((owner.guest % l2Coverage) / clusterSize) * l2EntrySize
}

export function editOf(offset: number, host: number, sectors: number, clusterBits: number): Edit {
  const bytes = new Uint8Array(8)
  const { high, low } = compressedEntry(host, sectors, clusterBits)
  viewOf(bytes).setUint32(0, high)
  viewOf(bytes).setUint32(4, low)
  return { offset, bytes, phase: 'link' }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
