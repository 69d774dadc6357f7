import type { FindingCode } from '../../findings/index.ts'
import type { EntryRepair } from '../evidence.ts'
import type { Search } from '../search.ts'
import { isCutOff } from './cut-off.ts'
import type { Disk } from './disks.ts'
import { leakedClusters } from './leaked-clusters.ts'
import { leftoverLeaks } from './leftover.ts'
import { chanceOfNear, MOST_CHANCE, nearOffsets } from './near.ts'

/** Entries that are looked at, and leaked clusters among which theirs may be. */
const MOST_ENTRIES = 4096
const MOST_LEAKED = 2 ** 16
const COPIED = 1n << 63n
const OFFSET = 0x00ff_ffff_ffff_fe00n

const WRONG: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'l2-entry-unaligned',
  'l2-entry-beyond-end',
  'l2-entry-reserved',
  'l2-compressed-copied',
  'l2-subclusters',
])

/** An L2 entry, and who has it. */
export interface L2Place {
  readonly entryOffset: number
  readonly guest: number
  readonly snapshots: readonly (string | undefined)[]
}

/** Wrong L2 entries, and the leaked clusters that they must have named. */
export async function repairL2Entries(
  search: Search,
  disks: readonly Disk[],
  tableClusters: ReadonlySet<number>,
): Promise<EntryRepair[]> {
  const { references, rules, survey } = search
  const { clusterSize } = rules.geometry
  const offsets = offsetsOf(search, WRONG)
  if (offsets.length === 0 || rules.externalData) return []
  const tables = l2Places(disks)
  const found: Found[] = []
  const strays = new Set<number>()
  for (const entryOffset of offsets) {
    const before = await entryAt(search, entryOffset)
    const place = placeOf(search, tables, entryOffset)
    if (before === undefined || place === undefined) continue
    for (const cluster of forgetStray(search, before, place)) strays.add(cluster)
    found.push({ before, place })
  }
  const leaked = new Set(leakedClusters(search, tableClusters, MOST_LEAKED))
  for (const cluster of strays)
    if (references.referenced(cluster) === 0 && references.residual(cluster) > 0) leaked.add(cluster)
  // What an entry names that was cut off is gone: a leaked cluster that is a bit or two away is another one.
  const cutOff = isCutOff(search)
  const lacking = new Set(offsetsOf(search, ['l2-subclusters']))
  const drafts: { repair: EntryRepair; cluster: number; chance?: number }[] = []
  const file = { clusterSize, clusters: survey.clusters, known: leaked.size }
  const open: Found[] = []
  for (const { before, place } of found) {
    // Subclusters are allocated and the cluster is none: every bit of its offset is gone, so that none is near.
    if (lacking.has(place.entryOffset) && (before & OFFSET) === 0n) {
      open.push({ before, place })
      continue
    }
    if (isSound(search, before) || (cutOff && isBeyond(search, before))) continue
    const near = nearOffsets(before, clusterSize, (offset) => leaked.has(offset / clusterSize))
    const [best, second] = near
    if (best && second?.bits !== best.bits) {
      const cluster = best.offset / clusterSize
      leaked.delete(cluster)
      const kind = best.offset === lowBitsOff(before, clusterSize) ? 'low-bits' : 'near'
      const proof = { kind, bits: best.bits, clusters: 1, candidates: near.length } as const
      const chance = chanceOfNear(before, best.bits, file)
      drafts.push({ cluster, chance, repair: draft(search, place, before, cluster, proof) })
    } else open.push({ before, place })
  }
  const [entry] = open
  const [cluster] = leaked
  if (entry && cluster !== undefined && open.length === 1 && leaked.size === 1) {
    const proof = { kind: 'only-fit', clusters: 1, candidates: 1 } as const
    drafts.push({ cluster, repair: draft(search, entry.place, entry.before, cluster, proof) })
  }
  for (const { cluster: theirs } of drafts) references.ownCluster(theirs, 1)
  const complete =
    survey.findingsOmitted === 0 && leftoverLeaks(search, tableClusters, 1) === 0 && open.length <= 1
  return drafts.map(({ repair, cluster: theirs, chance = 1 }) => ({
    ...repair,
    certain: (complete || chance <= MOST_CHANCE) && references.residual(theirs) === 0,
  }))
}

interface Found {
  readonly before: bigint
  readonly place: L2Place
}

/** QEMU counts what an unaligned entry touches as referenced: two clusters, one of which may be the one it meant. */
function forgetStray({ references, rules }: Search, entry: bigint, { snapshots }: L2Place): number[] {
  const { clusterSize } = rules.geometry
  const offset = Number(entry & 0x00ff_ffff_ffff_fe00n)
  const compressed = (entry & (1n << 62n)) !== 0n
  if (compressed || offset % clusterSize === 0 || offset >= rules.fileSize) return []
  references.ownRange(offset, -snapshots.length)
  const first = Math.floor(offset / clusterSize)
  return [first, first + 1]
}

function offsetsOf({ survey, rules }: Search, codes: Iterable<FindingCode>): number[] {
  const wanted = new Set(codes)
  const offsets = new Set<number>()
  for (const { code, offset, length } of survey.findings) {
    if (!wanted.has(code)) continue
    for (
      let at = offset;
      at < offset + length && offsets.size < MOST_ENTRIES;
      at += rules.geometry.l2EntrySize
    )
      offsets.add(at)
  }
  return [...offsets].sort((a, b) => a - b)
}

/** Flags beside an offset that is what it was: nothing to be found again. */
function isSound({ rules, references }: Search, entry: bigint): boolean {
  const offset = Number(entry & 0x00ff_ffff_ffff_fe00n)
  const aligned = offset % rules.geometry.clusterSize === 0 && offset < rules.fileSize
  return aligned && references.residual(offset / rules.geometry.clusterSize) === 0
}

/** A well-formed entry, but for the length of the file. */
function isBeyond({ rules }: Search, entry: bigint): boolean {
  const offset = Number(entry & OFFSET)
  return (entry & (1n << 62n)) === 0n && offset % rules.geometry.clusterSize === 0 && offset >= rules.fileSize
}

function lowBitsOff(entry: bigint, clusterSize: number): number {
  const offset = entry & 0x00ff_ffff_ffff_fe00n
  return Number(offset - (offset % BigInt(clusterSize)))
}

/** Which disks have an L2 table, and at which index. */
function l2Places(disks: readonly Disk[]): Map<number, { index: number; snapshots: (string | undefined)[] }> {
  const places = new Map<number, { index: number; snapshots: (string | undefined)[] }>()
  for (const { read, snapshot } of disks)
    read.l2s.forEach((l2, index) => {
      if (l2 <= 0) return
      const place = places.get(l2) ?? { index, snapshots: [] }
      const id = snapshot && (snapshot.listed[0]?.id ?? snapshot.carved[0]?.id ?? '')
      if (place.snapshots.length < 64) place.snapshots.push(id)
      places.set(l2, place)
    })
  return places
}

function placeOf(
  { rules }: Search,
  tables: ReturnType<typeof l2Places>,
  entryOffset: number,
): L2Place | undefined {
  const { clusterSize, l2EntrySize, l2Coverage } = rules.geometry
  const within = entryOffset % clusterSize
  const table = tables.get(entryOffset - within)
  if (table === undefined) return undefined
  const guest = table.index * l2Coverage + (within / l2EntrySize) * clusterSize
  return { entryOffset, guest, snapshots: table.snapshots }
}

export async function entryAt({ reader }: Search, offset: number): Promise<bigint | undefined> {
  const bytes = await reader.range(offset, 8)
  return bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
}

export function draft(
  { references, rules }: Search,
  { entryOffset, guest, snapshots }: L2Place,
  before: bigint,
  cluster: number,
  proof: EntryRepair['proof'],
): EntryRepair {
  const { clusterSize } = rules.geometry
  const copied = snapshots.includes(undefined) && references.stored(cluster) === 1
  return {
    table: 'l2',
    entryOffset,
    before,
    after: BigInt(cluster) * BigInt(clusterSize) + (copied ? COPIED : 0n),
    guest: { offset: guest, length: clusterSize },
    snapshots,
    proof,
    certain: false,
  }
}
