import { INVALID, type L1Entries } from '../reading/l1-entries.ts'
import type { L2Standing } from '../reading/references.ts'
import type { Search } from '../search.ts'
import { windowsByData } from '../snapshots/data-anchors.ts'
import type { KnownL1 } from '../snapshots/known-l1s.ts'
import { fixedStructures } from '../snapshots/live-l1s.ts'
import { isCutOff } from './cut-off.ts'
import { wrongTwins } from './wrong-twins.ts'

/** Tables of a disk with cross-links that are held against those of others, to see whether they changed places. */
const MOST_SWAPPED = 4096

/** A disk of the guest's: the active one, or that of a snapshot that lives. */
export interface Disk {
  /** Absent: the active disk. */
  readonly snapshot?: KnownL1
  readonly l1Offset: number
  readonly read: L1Entries
  /** L1 entries that its size needs; those behind them map machine state, if anything. */
  readonly windows: number
}

/** An L1 entry that leads to nothing, or to something else than an L2 table of its own. */
export interface Hole {
  readonly disk: Disk
  readonly index: number
  /** `empty`: zero, as where nothing was ever written; `bad`: it can't be what it was. */
  readonly kind: 'bad' | 'empty'
}

export interface BadEntries {
  readonly holes: readonly Hole[]
  /** Offsets of clusters that nothing but such entries referenced, ascending. */
  readonly leaked: readonly number[]
}

export function disksOf({ survey, active, rules }: Search, known: readonly KnownL1[]): Disk[] {
  const { l2Coverage } = rules.geometry
  const windowsOf = (size: number, entries: number) => Math.min(Math.ceil(size / l2Coverage), entries)
  const { virtualSize } = survey.image
  const disks: Disk[] = [
    { l1Offset: active.offset, read: active.read, windows: windowsOf(virtualSize, active.entries) },
  ]
  for (const l1 of known) {
    if (!l1.live) continue
    const size = l1.listed[0]?.diskSize ?? l1.carved[0]?.diskSize ?? virtualSize
    disks.push({ snapshot: l1, l1Offset: l1.offset, read: l1.read, windows: windowsOf(size, l1.entries) })
  }
  return disks
}

/**
 * Entries that are wrong: unaligned or behind the end of the file; that lead to rubbish; that name the L2 table of another
 * index. What they lead to is not counted as theirs from here on.
 */
export async function findBadEntries(search: Search, disks: readonly Disk[]): Promise<BadEntries> {
  const { references } = search
  const standings = await references.standings(disks.flatMap(({ read }) => [...read.l2s]))
  const elsewhere = await trueIndexes(search, disks, standings)
  const cut = isCutOff(search)
  const fixed = fixedStructures(search)
  const linked = new Set(search.survey.crossLinked)
  const cluster = (offset: number) => offset / references.clusterSize
  const holes: Hole[] = []
  const freed = new Set<number>()
  for (const disk of disks) {
    disk.read.l2s.forEach((l2, index) => {
      // What it named went with the end of the file: no table that is left can be its own.
      if (l2 === 0 || (cut && disk.read.beyond.has(index))) return
      const moved = (elsewhere.get(l2) ?? index) !== index
      const standing = standings.get(l2)
      // Zeros of somebody's data make an empty table, as rubbish makes none.
      const strange = isRubbish(standing) || (linked.has(cluster(l2)) && isEmpty(standing))
      const bad = l2 === INVALID || strange || moved || fixed.has(cluster(l2))
      if (!bad) return
      holes.push({ disk, index, kind: 'bad' })
      if (l2 === INVALID) return
      references.ownL2(l2, -1)
      freed.add(l2)
    })
  }
  const twins = await wrongTwins(search, disks, standings, (disk, index) =>
    holes.some((hole) => hole.disk === disk && hole.index === index),
  )
  for (const { disk, index, l2 } of twins) {
    holes.push({ disk, index, kind: 'bad' })
    references.ownL2(l2, -1)
  }
  for (const { read } of disks)
    for (const offset of read.strays) {
      references.ownRange(offset, -1)
      const start = offset - (offset % references.clusterSize)
      for (const cluster of [start, start + references.clusterSize]) freed.add(cluster)
    }
  if (holes.length > 0) await references.settle()
  const leaked = [...freed].filter(
    (offset) => references.referenced(cluster(offset)) === 0 && references.residual(cluster(offset)) > 0,
  )
  return { holes, leaked: leaked.sort((a, b) => a - b) }
}

/** Most of it can't be entries; a table with some wrong ones is still that table. */
export function isRubbish(standing: L2Standing | undefined): boolean {
  if (standing === undefined) return false
  const { invalid, beyond, mapped, zero } = standing.contents
  return invalid > 0 && invalid + beyond > mapped + zero
}

function isEmpty(standing: L2Standing | undefined): boolean {
  if (standing === undefined) return false
  const { invalid, beyond, mapped, zero } = standing.contents
  return invalid + beyond + mapped + zero === 0
}

/** L2 tables that more entries name than their refcount allows, at several indexes, and the index that is theirs. */
async function trueIndexes(
  search: Search,
  disks: readonly Disk[],
  standings: ReadonlyMap<number, L2Standing>,
): Promise<Map<number, number>> {
  const { survey, reader, rules } = search
  const result = new Map<number, number>()
  const tied: number[] = []
  for (const [l2, votes] of indexVotes(disks)) {
    if ((standings.get(l2)?.own ?? 0) >= 0) continue
    const [best, second] = [...votes].sort((a, b) => b[1] - a[1])
    if (best && best[1] > (second?.[1] ?? 0)) result.set(l2, best[0])
    else tied.push(l2)
  }
  const requests = tied.map((l2Offset) => ({ of: l2Offset, index: 0, l2Offset }))
  for (const [{ of }, window] of await windowsByData(requests, { survey, reader, rules }))
    result.set(of, window)
  for (const [l2, window] of await swapped(search, disks)) if (!result.has(l2)) result.set(l2, window)
  return result
}

/** Tables of the active disk in each other's places, and their own: all that they share with others is cross-linked. */
async function swapped(
  { survey, reader, rules }: Search,
  [active]: readonly Disk[],
): Promise<ReadonlyMap<number, number>> {
  if (active === undefined || survey.crossLinked.length === 0) return new Map()
  const requests = [...active.read.l2s]
    .map((l2Offset, index) => ({ of: index, index: 0, l2Offset }))
    .filter(({ l2Offset }) => l2Offset > 0)
    .slice(0, MOST_SWAPPED)
  const moved = [...(await windowsByData(requests, { survey, reader, rules }))].filter(
    ([{ of }, window]) => of !== window,
  )
  const places = new Set(moved.map(([{ of }]) => of))
  // None of them may be left without a place, nor two of them want one.
  const windows = new Set(moved.map(([, window]) => window))
  const closed = windows.size === moved.length && moved.every(([, window]) => places.has(window))
  return new Map(closed ? moved.map(([{ l2Offset }, window]) => [l2Offset, window]) : [])
}

/** How many disks have an L2 table at which index; only of tables that are at several. */
function indexVotes(disks: readonly Disk[]): Map<number, Map<number, number>> {
  const first = new Map<number, number>()
  const several = new Set<number>()
  for (const { read } of disks)
    read.l2s.forEach((l2, index) => {
      if (l2 <= 0) return
      if ((first.get(l2) ?? index) !== index) several.add(l2)
      first.set(l2, index)
    })
  const votes = new Map<number, Map<number, number>>()
  if (several.size === 0) return votes
  for (const { read } of disks)
    read.l2s.forEach((l2, index) => {
      if (!several.has(l2)) return
      const counts = votes.get(l2) ?? new Map<number, number>()
      counts.set(index, (counts.get(index) ?? 0) + 1)
      votes.set(l2, counts)
    })
  return votes
}

/** Holes of these disks at an index; `filled` are holes no more. */
export function holesAt(
  disks: readonly Disk[],
  index: number,
  bad: ReadonlyMap<Disk, ReadonlySet<number>>,
  filled: ReadonlyMap<Disk, ReadonlySet<number>>,
): Hole[] {
  const holes: Hole[] = []
  for (const disk of disks) {
    if (index >= disk.read.l2s.length || filled.get(disk)?.has(index)) continue
    if (bad.get(disk)?.has(index)) holes.push({ disk, index, kind: 'bad' })
    else if (disk.read.l2s[index] === 0 && (index < disk.windows || disk.read.used === 0))
      holes.push({ disk, index, kind: 'empty' })
  }
  return holes
}
