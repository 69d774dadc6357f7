import { decodeSnapshotEntry, decodeSnapshotExtra } from '../../format/index.ts'
import type { Search } from '../search.ts'
import { nearOffsets } from '../tables/near.ts'
import type { KnownL1, KnownL1s } from './known-l1s.ts'
import { isUnreadable, setLive } from './live-l1s.ts'
import { type DamagedEntry, mendEntry } from './mend-entries.ts'

/** Entries and tables that are compared with one another. */
const MOST_PAIRED = 1024

/** L1 tables that damaged entries name by an offset that can be one, though all else in them may be wrong. */
export async function addDamaged(
  { survey, rules, active }: Search,
  known: KnownL1s,
  damaged: readonly DamagedEntry[],
): Promise<void> {
  const { clusterSize, l2Coverage } = rules.geometry
  for (const found of damaged) {
    const offset = Number(found.entry.l1TableOffset)
    if (offset === 0 || offset % clusterSize !== 0 || offset >= rules.fileSize) continue
    const { diskSize } = decodeSnapshotExtra(found.entry.extraData)
    const needed = Math.ceil(Number(diskSize ?? BigInt(survey.image.virtualSize)) / l2Coverage)
    const entries = Math.max(needed, active.entries, 1)
    if (offset + entries * 8 > Math.ceil(rules.fileSize / clusterSize) * clusterSize) continue
    const l1 = await known.add(offset, entries, true)
    l1?.carved.push(mendEntry(found, l1))
  }
}

/**
 * Gives L1 tables that no entry names to the entries that must have named them: those whose offset is a bit or two away,
 * and where one entry with an impossible offset, or that of another's cluster, and one table are left over, these.
 */
export async function pairEntries(
  search: Search,
  known: readonly KnownL1[],
  damaged: readonly DamagedEntry[],
): Promise<void> {
  const { clusterSize } = search.rules.geometry
  const nameless = known.filter(({ live, listed, carved }) => live && listed.length + carved.length === 0)
  if (nameless.length === 0) return
  const byOffset = new Map(nameless.map((l1) => [l1.offset, l1]))
  const living = known.filter((l1) => l1.live && !isUnreadable(l1))
  const named = new Set(living.flatMap(({ carved }) => carved.map((entry) => entry.offset)))
  const open = [...damaged, ...deadEntries(known)]
    .filter(({ offset }) => !named.has(offset))
    .slice(0, MOST_PAIRED)
  const left: DamagedEntry[] = []
  for (const entry of open) {
    const near = nearOffsets(entry.entry.l1TableOffset, clusterSize, (offset) => byOffset.has(offset))
    const [best, second] = near
    const l1 = best && second?.bits !== best.bits ? byOffset.get(best.offset) : undefined
    if (l1) {
      l1.carved.push(mendEntry(entry, l1))
      byOffset.delete(l1.offset)
    } else left.push(entry)
  }
  const impossible = left.filter(({ entry }) => {
    const offset = Number(entry.l1TableOffset)
    if (offset === 0 || offset % clusterSize !== 0 || offset >= search.rules.fileSize) return true
    // Somebody else's: a cluster that is free may be one that was never written.
    return search.references.referenced(offset / clusterSize) > 0
  })
  const [entry] = impossible
  const [l1] = byOffset.values()
  if (entry && l1 && impossible.length === 1 && byOffset.size === 1) l1.carved.push(mendEntry(entry, l1))
  const mended = new Set(known.flatMap(({ carved }) => carved.filter((e) => e.mended).map((e) => e.offset)))
  for (const wrong of known)
    if (isUnreadable(wrong) && wrong.listed.some(({ entryOffset }) => mended.has(entryOffset)))
      await setLive(search, wrong, false)
}

/** Entries of the image's own table that are sound but for what they name: a freed cluster, or another's. */
function deadEntries(known: readonly KnownL1[]): DamagedEntry[] {
  return known
    .filter((l1) => !l1.live || isUnreadable(l1))
    .flatMap(({ listed, carved }) => {
      const own = new Set(listed.map(({ entryOffset }) => entryOffset))
      return carved
        .filter(({ offset, mended }) => own.has(offset) && !mended)
        .map(({ offset, length, bytes }) => ({ offset, length, entry: decodeSnapshotEntry(bytes) }))
    })
}
