import type { EntryRepair } from '../evidence.ts'
import type { Search } from '../search.ts'
import { windowsByData } from '../snapshots/data-anchors.ts'
import { type Disk, type Hole, holesAt } from './disks.ts'
import { chanceOfNear, nearOffsets } from './near.ts'
import type { UnclaimedL2 } from './unclaimed.ts'

/** Wrong entries whose bits are tried; an L1 table of rubbish has as many as it has entries. */
const MOST_TRIED = 4096

/** L2 tables that want one place; of more, none gets it. */
const MOST_RIVALS = 64

/** An L2 table that belongs to an L1 entry. */
export interface Match {
  readonly hole: Hole
  readonly l2: UnclaimedL2
  readonly kind: EntryRepair['proof']['kind']
  readonly bits?: number
  /** Of `near`: how many tables one would expect to be as near to an entry that has nothing to do with them. */
  readonly chance?: number
  /** Of `only-fit`: nothing else can be there, whatever other disks have lost. */
  readonly sole?: boolean
  /** L2 tables and entries among which it is the one. */
  readonly candidates: number
}

/** Finds for L2 tables that nobody claims the L1 entries that must have named them, as far as there is one choice only. */
export async function matchHoles(
  search: Search,
  disks: readonly Disk[],
  bad: readonly Hole[],
  unclaimed: readonly UnclaimedL2[],
  entryAt: (hole: Hole) => bigint,
): Promise<Match[]> {
  const state = new MatchState(disks, bad, unclaimed)
  await learnIndexes(search, unclaimed, state)
  matchNear(search, bad, state, entryAt)
  matchByIndex(state)
  matchOnly(state)
  return state.matches
}

class MatchState {
  readonly disks: readonly Disk[]
  readonly matches: Match[] = []
  /** References that are still to be accounted for. */
  readonly spare = new Map<UnclaimedL2, number>()
  readonly index = new Map<UnclaimedL2, number>()
  readonly #bad = new Map<Disk, Set<number>>()
  readonly #filled = new Map<Disk, Set<number>>()

  constructor(disks: readonly Disk[], bad: readonly Hole[], unclaimed: readonly UnclaimedL2[]) {
    this.disks = disks
    for (const { disk, index } of bad) this.#bad.set(disk, (this.#bad.get(disk) ?? new Set()).add(index))
    for (const l2 of unclaimed) {
      this.spare.set(l2, Math.max(1, l2.standing.own))
      if (l2.l1Index !== undefined) this.index.set(l2, l2.l1Index)
    }
  }

  get open(): UnclaimedL2[] {
    return [...this.spare.keys()]
  }

  /** Only tables of the active disk have COPIED flags; one that it still has may be another's too. */
  disksFor({ standing, l1Index }: UnclaimedL2): readonly Disk[] {
    return standing.contents.copied > 0 && l1Index === undefined
      ? this.disks.filter(({ snapshot }) => !snapshot)
      : this.disks
  }

  isBroken(disk: Disk): boolean {
    return disk.read.used === 0 || this.#bad.has(disk)
  }

  holesAt(l2: UnclaimedL2, index: number): Hole[] {
    return holesAt(this.disksFor(l2), index, this.#bad, this.#filled)
  }

  badHoles(l2?: UnclaimedL2): Hole[] {
    const disks = l2 ? this.disksFor(l2) : this.disks
    return disks.flatMap((disk) =>
      [...(this.#bad.get(disk) ?? [])]
        .filter((index) => !this.#filled.get(disk)?.has(index))
        .map((index): Hole => ({ disk, index, kind: 'bad' })),
    )
  }

  /** At most two: more are no choice any more. */
  emptyHoles(l2: UnclaimedL2): Hole[] {
    const holes: Hole[] = []
    for (const disk of this.disksFor(l2))
      for (let index = 0; index < disk.windows && holes.length < 2; index++)
        if (disk.read.l2s[index] === 0 && !this.#filled.get(disk)?.has(index))
          holes.push({ disk, index, kind: 'empty' })
    return holes
  }

  fill(match: Match): void {
    const { disk, index } = match.hole
    this.matches.push(match)
    this.#filled.set(disk, (this.#filled.get(disk) ?? new Set()).add(index))
    const left = (this.spare.get(match.l2) ?? 1) - 1
    if (left > 0) this.spare.set(match.l2, left)
    else this.spare.delete(match.l2)
  }
}

async function learnIndexes(
  { survey, reader, rules }: Search,
  unclaimed: readonly UnclaimedL2[],
  { index }: MatchState,
): Promise<void> {
  const requests = unclaimed
    .filter((l2) => !index.has(l2))
    .map((l2) => ({ of: l2, index: 0, l2Offset: l2.offset }))
  if (requests.length === 0) return
  for (const [{ of }, window] of await windowsByData(requests, { survey, reader, rules }))
    index.set(of, window)
}

function matchNear(
  { survey, references: { clusterSize } }: Search,
  bad: readonly Hole[],
  state: MatchState,
  entryAt: (hole: Hole) => bigint,
): void {
  const byOffset = new Map(state.open.map((l2) => [l2.offset, l2]))
  const wishes = new Map<UnclaimedL2, Match[]>()
  const file = { clusterSize, clusters: survey.clusters, known: byOffset.size }
  for (const hole of bad.slice(0, MOST_TRIED)) {
    const entry = entryAt(hole)
    const near = nearOffsets(entry, clusterSize, (offset) => {
      const l2 = byOffset.get(offset)
      return (
        l2 !== undefined &&
        (state.index.get(l2) ?? hole.index) === hole.index &&
        state.disksFor(l2).includes(hole.disk)
      )
    })
    const [best, second] = near
    if (!best || second?.bits === best.bits) continue
    const l2 = byOffset.get(best.offset) as UnclaimedL2
    const chance = chanceOfNear(entry, best.bits, file)
    const match: Match = { hole, l2, kind: 'near', bits: best.bits, chance, candidates: near.length }
    wishes.set(l2, [...(wishes.get(l2) ?? []), match])
  }
  for (const matches of wishes.values()) if (matches.length === 1) state.fill(matches[0] as Match)
}

function matchByIndex(state: MatchState): void {
  const byIndex = new Map<number, UnclaimedL2[]>()
  for (const l2 of state.open) {
    const index = state.index.get(l2)
    if (index !== undefined) byIndex.set(index, [...(byIndex.get(index) ?? []), l2])
  }
  for (const [index, l2s] of byIndex) {
    if (l2s.length > MOST_RIVALS) continue
    // Those that fit the active disk only choose first, and leave the rest to the others.
    const sorted = [...l2s].sort((a, b) => state.disksFor(a).length - state.disksFor(b).length)
    for (const l2 of sorted) {
      const rivals = sorted.filter(
        (other) =>
          other !== l2 &&
          state.spare.has(other) &&
          state.disksFor(other).length === state.disksFor(l2).length,
      )
      const spare = state.spare.get(l2) ?? 0
      const all = state.holesAt(l2, index)
      // A table that is known to have lost entries has lost this one too, rather than one that is whole otherwise.
      const holes = all.length > spare ? all.filter(({ disk }) => state.isBroken(disk)) : all
      if (rivals.length > 0 || holes.length > spare) continue
      for (const hole of holes) state.fill({ hole, l2, kind: 'shared', candidates: l2s.length })
    }
  }
}

function matchOnly(state: MatchState): void {
  const open = state.open.filter((l2) => !state.index.has(l2))
  const own = open.filter(({ standing }) => standing.contents.copied > 0)
  const [l2] = own.length === 1 ? own : open
  if (l2 === undefined) return
  const [bad, empty] = [state.badHoles(l2), state.emptyHoles(l2)]
  // Others that are open are snapshots': the one with COPIED flags is the active disk's, which wants nothing else.
  const sole = own.length === 1 && bad.length === 1 && empty.length === 0
  if (open.length > 1 && !sole) return
  const holes = bad.length > 0 ? bad : empty
  const [hole] = holes
  if (hole && holes.length === 1) state.fill({ hole, l2, kind: 'only-fit', sole, candidates: 1 })
}
