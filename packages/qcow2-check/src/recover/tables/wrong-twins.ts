import type { L2Standing } from '../reading/references.ts'
import type { Search } from '../search.ts'
import type { Disk } from './disks.ts'
import { leakedClusters } from './leaked-clusters.ts'
import { nearOffsets } from './near.ts'

/** Entries that are tried, each with a count of all that two tables map; and leaked clusters among which theirs is. */
const MOST_TRIED = 16
const MOST_LEAKED = 2 ** 16

/** An entry that names the table of another disk in the place of its own. */
export interface WrongTwin {
  readonly disk: Disk
  readonly index: number
  /** The other's table, bytes. */
  readonly l2: number
}

/**
 * Entries of which one bit was flipped so that they name the L2 table that another disk has at the same place: nothing
 * looks wrong but the refcounts. One table is claimed too often then, another one, a bit away, by nobody; and with that in
 * its place everything that both map is counted as it should be.
 *
 * @param isHole what is known to be wrong already
 */
export async function wrongTwins(
  search: Search,
  disks: readonly Disk[],
  standings: ReadonlyMap<number, L2Standing>,
  isHole: (disk: Disk, index: number) => boolean,
): Promise<WrongTwin[]> {
  const { references } = search
  const claimed = new Map<string, { l2: number; index: number; disks: Disk[] }>()
  for (const disk of disks)
    disk.read.l2s.forEach((l2, index) => {
      if (l2 <= 0 || (standings.get(l2)?.own ?? 0) >= 0 || isHole(disk, index)) return
      const key = `${l2}/${index}`
      const group = claimed.get(key) ?? { l2, index, disks: [] }
      group.disks.push(disk)
      claimed.set(key, group)
    })
  const groups = [...claimed.values()].filter((group) => group.disks.length > 1).slice(0, MOST_TRIED)
  if (groups.length === 0) return []
  const { clusterSize } = references
  const leaked = new Set(leakedClusters(search, new Set(), MOST_LEAKED))
  const wrong: WrongTwin[] = []
  for (const { l2, index, disks: sharing } of groups) {
    const near = nearOffsets(BigInt(l2), clusterSize, (offset) => leaked.has(offset / clusterSize))
    const owners: Disk[] = []
    for (const { offset } of near.filter(({ bits }) => bits === 1).slice(0, MOST_TRIED)) {
      const owner = await ownerOf(search, offset, l2, sharing)
      if (owner) owners.push(owner)
    }
    const [owner, other] = owners
    if (owner && other === undefined) wrong.push({ disk: owner, index, l2 })
  }
  return wrong
}

/** Whose table it must be, if it is one and accounts for all that it maps. */
async function ownerOf(
  search: Search,
  lost: number,
  claimed: number,
  sharing: readonly Disk[],
): Promise<Disk | undefined> {
  const { references } = search
  const own = async (weight: number) => {
    references.ownL2(claimed, -weight)
    references.ownL2(lost, weight)
    await references.settle()
  }
  await own(1)
  const counts = await references.standings([lost, claimed])
  const standing = counts.get(lost)
  const other = counts.get(claimed)
  const exact = [standing, other].every(
    (one) => one?.own === 0 && one.more === 0 && one.fewer === 0 && one.contents.invalid === 0,
  )
  await own(-1)
  if (!exact || standing === undefined || standing.contents.mapped === 0) return undefined
  const { copied, compressed } = standing.contents
  // Only the active disk's entries are flagged, and all of its clusters that nobody else has are.
  if (copied > 0) return sharing.find(({ snapshot }) => !snapshot)
  const [snapshot, second] = sharing.filter((disk) => disk.snapshot)
  const theirs = standing.alone > 0 && compressed === 0
  const activeHasTheOther = (other?.contents.copied ?? 0) > 0
  return (theirs || activeHasTheOther) && second === undefined ? snapshot : undefined
}
