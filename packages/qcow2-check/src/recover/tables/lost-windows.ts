import type { ClusterRange } from '../../check/survey.ts'
import type { LostWindow } from '../evidence.ts'
import type { Search } from '../search.ts'
import type { Disk } from './disks.ts'
import { leakedRuns } from './leaked-clusters.ts'

/** Leaked clusters that are looked at, and runs of them whose neighbours are asked for. */
const MOST_CLUSTERS = 2 ** 20
const MOST_RUNS = 256

/**
 * Data that nothing maps any more. Where one window of the active disk has lost its L2 table, they are its data; of
 * several, neighbours in the file tell, as QEMU allocates one cluster after another while a window is filled. Where none
 * has, nothing is said of whose they were.
 */
export async function findLostWindows(
  search: Search,
  disks: readonly Disk[],
  tableClusters: ReadonlySet<number>,
): Promise<LostWindow[]> {
  const { survey, rules } = search
  const { l2Coverage } = rules.geometry
  const ranges = leakedRuns(search, tableClusters, MOST_CLUSTERS)
  if (ranges.length === 0) return []
  const clusters = ranges.reduce((sum, { count }) => sum + count, 0)
  const guestOf = (index: number) => ({ offset: index * l2Coverage, length: l2Coverage })
  const empty = await emptyWindows(search, disks)
  const [hole, second] = empty
  if (hole === undefined) return [{ ranges, clusters, proof: { kind: 'none' }, certain: false }]
  if (second === undefined)
    return [{ guest: guestOf(hole), ranges, clusters, proof: { kind: 'hole' }, certain: false }]
  const asked = ranges.slice(0, MOST_RUNS)
  const neighbours = new Set(asked.flatMap(({ first, count }) => [first - 1, first + count]))
  const owners = await survey.ownersOf(neighbours)
  const byWindow = new Map<number | undefined, ClusterRange[]>()
  for (const range of ranges) {
    const window = [range.first - 1, range.first + range.count]
      .flatMap((cluster) => owners.get(cluster) ?? [])
      .flatMap((owner) => (owner.kind === 'data' ? [Math.floor(owner.guest / l2Coverage)] : []))
      .find((candidate) => empty.includes(candidate))
    byWindow.set(window, [...(byWindow.get(window) ?? []), range])
  }
  return [...byWindow].map(([window, own]) => ({
    ...(window !== undefined && { guest: guestOf(window) }),
    ranges: own,
    clusters: own.reduce((sum, { count }) => sum + count, 0),
    proof: { kind: window === undefined ? 'none' : 'neighbours' },
    certain: false,
  }))
}

/** Windows of the active disk whose L2 table is empty, or holds what can't be entries. */
async function emptyWindows({ references }: Search, [active]: readonly Disk[]): Promise<number[]> {
  if (active === undefined) return []
  const standings = await references.standings(active.read.l2s)
  const windows: number[] = []
  active.read.l2s.forEach((l2, index) => {
    const contents = l2 > 0 ? standings.get(l2)?.contents : undefined
    const { mapped = 1, zero = 0, invalid = 0 } = contents ?? {}
    if (l2 < 0 || invalid > 0 || (contents !== undefined && mapped + zero === 0)) windows.push(index)
  })
  return windows
}
