import type { FindingCode } from '../../findings/index.ts'
import type { EntryRepair, RebuiltL1 } from '../evidence.ts'
import { INVALID } from '../reading/l1-entries.ts'
import type { Search } from '../search.ts'
import type { KnownL1 } from '../snapshots/known-l1s.ts'
import { isCutOff } from './cut-off.ts'
import type { Disk, Hole } from './disks.ts'
import { leftoverLeaks } from './leftover.ts'
import { type Match, matchHoles } from './match.ts'
import { MOST_CHANCE } from './near.ts'
import type { UnclaimedL2 } from './unclaimed.ts'

const COPIED = 1n << 63n
/** An L1 table of rubbish that is to be emptied has at most so many entries. */
const MOST_EMPTIED = 65536

/** With one of them the L1 table may be another, or longer than it is. */
const PLACING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'header-cluster-bits',
  'header-virtual-size',
  'header-l1-size',
  'header-l1-offset',
])

export interface Relinked {
  readonly entries: readonly EntryRepair[]
  readonly rebuilt: ReadonlyMap<KnownL1, RebuiltL1>
  /** L2 tables that found no place. */
  readonly unplaced: readonly UnclaimedL2[]
  /** Nothing is leaked any more but snapshot tables. */
  readonly complete: boolean
}

/** Gives L2 tables that nobody claims back to the L1 entries that lost them, and counts them as theirs. */
export async function relinkL2s(
  search: Search,
  disks: readonly Disk[],
  bad: readonly Hole[],
  unclaimed: readonly UnclaimedL2[],
  tableClusters: ReadonlySet<number>,
): Promise<Relinked> {
  const { references } = search
  const raw = new Map<Disk, Uint8Array | undefined>()
  for (const disk of disks)
    if (bad.some((hole) => hole.disk === disk) || unclaimed.length > 0)
      raw.set(disk, await search.reader.range(disk.l1Offset, disk.read.l2s.length * 8))
  const entryAt = ({ disk, index }: Hole) => bigEndian(raw.get(disk), index)
  const matches = await matchHoles(search, disks, bad, unclaimed, entryAt)
  for (const { l2 } of matches) references.ownL2(l2.offset, 1)
  await references.settle()
  const standings = await references.standings(matches.map(({ l2 }) => l2.offset))
  const complete = leftoverLeaks(search, tableClusters, 1) === 0
  // Nothing shares the header: a block that counts it more often was overwritten, and proves nothing.
  const garbled = references.residual(0) > 0
  const isProven = (match: Match): boolean => {
    if (garbled) return false
    const standing = standings.get(match.l2.offset)
    if (standing?.own !== 0 || standing.more > 0) return false
    // What it shares with snapshots that are lost stays unclaimed.
    if (match.sole) return true
    if (standing.fewer > 0) return false
    // Nothing else is lost, so that nothing else can have been there.
    if (complete) return true
    if (match.kind === 'near') return (match.chance ?? 1) <= MOST_CHANCE
    return match.kind === 'shared' && match.hole.kind === 'bad'
  }
  const certain = new Set(matches.filter(isProven))
  const proven = (match: Match) => certain.has(match)
  const entries = matches
    .filter(({ hole }) => !hole.disk.snapshot)
    .map((match) => repairOf(search, match, entryAt(match.hole), proven(match)))
  const rebuilt = new Map<KnownL1, RebuiltL1>()
  for (const disk of disks) {
    const own = matches.filter(({ hole }) => hole.disk === disk)
    if (disk.snapshot && own.length > 0)
      rebuilt.set(disk.snapshot, rebuiltOf(search, disk, bad, own, own.every(proven), complete))
  }
  // What is merely possible is told, and done by nobody: its table stays one without a place.
  const doubtful = matches.filter((match) => !match.hole.disk.snapshot && !proven(match))
  for (const { l2 } of doubtful) references.ownL2(l2.offset, -1)
  if (doubtful.length > 0) await references.settle()
  const placed = new Set(matches.filter((match) => !doubtful.includes(match)).map(({ l2 }) => l2))
  const unplaced = unclaimed.filter(
    (l2) => !placed.has(l2) && references.residual(l2.offset / references.clusterSize) > 0,
  )
  if (complete && unplaced.length === 0 && matches.every(proven))
    entries.push(...emptied(search, bad, matches, entryAt))
  return { entries, rebuilt, unplaced, complete }
}

/**
 * Wrong entries that nothing is left for: with all else accounted for, they named nothing. Not what was cut off with the
 * end of the file, nor anything where guest data are in another file: there the leaks don't tell what is lost.
 */
function emptied(
  search: Search,
  bad: readonly Hole[],
  matches: readonly Match[],
  entryAt: (hole: Hole) => bigint,
): EntryRepair[] {
  const { l2Coverage } = search.rules.geometry
  if (search.rules.externalData || isCutOff(search) || !isWhereItWas(search)) return []
  const filled = new Set(matches.filter(({ hole }) => !hole.disk.snapshot).map(({ hole }) => hole.index))
  return bad
    .filter(({ disk, index }) => !disk.snapshot && !filled.has(index))
    .slice(0, MOST_EMPTIED)
    .map((hole) => ({
      table: 'l1',
      entryOffset: hole.disk.l1Offset + hole.index * 8,
      before: entryAt(hole),
      after: 0n,
      guest: { offset: hole.index * l2Coverage, length: l2Coverage },
      snapshots: [undefined],
      proof: { kind: 'nothing-lost', clusters: 0, candidates: 0 },
      certain: true,
    }))
}

/** Where the L1 table is, and how long, is known, and it is nobody else's: what is emptied may be somebody's data. */
function isWhereItWas({ survey: { image, crossLinked }, active, rules }: Search): boolean {
  const { clusterSize } = rules.geometry
  const [first, end] = [active.offset / clusterSize, (active.offset + active.entries * 8) / clusterSize]
  return (
    !image.findings.some(({ code }) => PLACING.has(code)) &&
    !crossLinked.some((cluster) => first <= cluster && cluster < end)
  )
}

function repairOf(
  { references, rules }: Search,
  match: Match,
  before: bigint,
  certain: boolean,
): EntryRepair {
  const { hole, l2, kind, bits, candidates } = match
  const { l2Coverage } = rules.geometry
  const alone = references.stored(l2.offset / references.clusterSize) === 1
  return {
    table: 'l1',
    entryOffset: hole.disk.l1Offset + hole.index * 8,
    before,
    after: BigInt(l2.offset) | (alone ? COPIED : 0n),
    guest: { offset: hole.index * l2Coverage, length: l2Coverage },
    snapshots: [undefined],
    proof: { kind, ...(bits !== undefined && { bits }), clusters: 1 + l2.standing.fewer, candidates },
    certain,
  }
}

/** The table as it stands, with what was found in its holes, and nothing in those that stay. */
function rebuiltOf(
  { active }: Search,
  disk: Disk,
  bad: readonly Hole[],
  matches: readonly Match[],
  proven: boolean,
  complete: boolean,
): RebuiltL1 {
  const { l2s } = disk.read
  const wrong = new Set(bad.filter((hole) => hole.disk === disk).map(({ index }) => index))
  const placed = new Map(matches.map(({ hole, l2 }) => [hole.index, l2.offset]))
  const bytes = new Uint8Array(l2s.length * 8)
  const view = new DataView(bytes.buffer)
  let open = 0
  l2s.forEach((l2, index) => {
    const found = placed.get(index)
    if (found === undefined && (l2 === INVALID || wrong.has(index))) open++
    const offset = found ?? (l2 === INVALID || wrong.has(index) ? 0 : l2)
    if (offset > 0) view.setBigUint64(index * 8, BigInt(offset))
  })
  const fromActive = matches.filter(({ hole, l2 }) => active.read.l2s[hole.index] === l2.offset).length
  return {
    offset: disk.l1Offset,
    bytes,
    proof: {
      kind: 'refcounts',
      fromActive,
      fromOrphans: matches.length - fromActive,
      clusters: matches.reduce((sum, { l2 }) => sum + 1 + l2.standing.fewer, 0),
    },
    // Entries of rubbish that stay open may have been empty; where nothing is lost elsewhere, they were.
    certain: proven && (open === 0 || complete),
  }
}

function bigEndian(table: Uint8Array | undefined, index: number): bigint {
  if (table === undefined || table.length < index * 8 + 8) return 0n
  return new DataView(table.buffer, table.byteOffset, table.byteLength).getBigUint64(index * 8)
}
