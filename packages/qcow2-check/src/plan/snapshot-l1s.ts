import type { Survey } from '../check/survey.ts'
import type { Snapshot } from '../image/image.ts'
import type { Evidence, RebuiltL1 } from '../recover/index.ts'
import type { ActionSpec, Draft } from './draft.ts'
import { readPadded } from './read-padded.ts'
import { l1Leads } from './reads-now.ts'

/**
 * A snapshot that was being made when all ended: the last of the table, its L1 table is zeros, and no refcount was ever
 * written for it. It would read as an empty disk.
 */
export async function unbornSnapshot(
  draft: Draft,
  survey: Survey,
  evidence: Evidence,
): Promise<Snapshot | undefined> {
  const { image, stored } = survey
  const last = image.snapshots.entries.at(-1)
  if (last === undefined || last.l1.offset === 0 || image.activeL1.entries === 0) return undefined
  if (evidence.snapshots.some(({ l1, rebuiltL1 }) => l1.offset === last.l1.offset && rebuiltL1?.certain))
    return undefined
  const { clusterSize } = image.geometry
  const length = last.l1.entries * 8
  for (let at = last.l1.offset; at < last.l1.offset + Math.max(8, length); at += clusterSize)
    if (stored(at / clusterSize) !== 0) return undefined
  const empty = async (offset: number, bytes: number) =>
    (await readPadded(draft.overlay, offset, bytes)).every((byte) => byte === 0)
  const { offset, entries } = image.activeL1
  return (await empty(last.l1.offset, length)) && !(await empty(offset, entries * 8)) ? last : undefined
}

/**
 * L1 tables as they must have been; refcounts of what they reach are raised before.
 *
 * @param listing snapshots that are not in the table are listed too
 */
export async function writeRebuiltL1s(
  draft: Draft,
  survey: Survey,
  { snapshots }: Evidence,
  listing: boolean,
): Promise<boolean> {
  let changed = false
  for (const { rebuiltL1, entry, listed, diskSize } of snapshots) {
    if (!rebuiltL1?.certain || !(listed || listing)) continue
    // It may be the pointer that is wrong, and something else that is there.
    if (survey.crossLinked.includes(rebuiltL1.offset / survey.image.geometry.clusterSize)) continue
    const { clusters } = rebuiltL1.proof
    // Where something can be read now, the guest's bytes change, however well that is proven.
    const readable = await leadsElsewhere(draft, survey, rebuiltL1)
    const spec: ActionSpec = {
      class: readable ? 'relink' : 'restore-snapshots',
      code: 'snapshot-l1-lost',
      offset: rebuiltL1.offset,
      why: `${clusters === 1 ? 'the refcount of 1 cluster proves' : `the refcounts of ${clusters} clusters prove`} what the L1 table of ${entry?.name ?? 'the snapshot'} held`,
      guest: [{ offset: 0, length: diskSize }],
      disks: entry ? [entry.id] : [],
    }
    const edit = { offset: rebuiltL1.offset, bytes: rebuiltL1.bytes, phase: 'link' as const }
    changed = (await draft.act(spec, [edit])) || changed
  }
  return changed
}

/** An entry that is to be another one leads to a cluster of the file as it stands. */
async function leadsElsewhere(
  { overlay }: Draft,
  { image }: Survey,
  { offset, bytes }: RebuiltL1,
): Promise<boolean> {
  const stands = new DataView((await readPadded(overlay, offset, bytes.length)).buffer)
  const rebuilt = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const [high, low] = [stands.getUint32(at), stands.getUint32(at + 4)]
    const same = high === rebuilt.getUint32(at) && low === rebuilt.getUint32(at + 4)
    if (!same && l1Leads(image, high, low)) return true
  }
  return false
}
