import { entryOffset, L1_RESERVED_HIGH, L1_RESERVED_LOW } from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { activeDisk, type GuestDisk, snapshotDisk } from '../mapping/disk.ts'
import { readInto, readPadded } from './read-padded.ts'

/** L1 entries that are read at once, of every disk; of all together. */
const CHUNK = 8192
const CHUNKS = 2 ** 22
/** L1 entries of all disks that a plan steps through, some times over: 2048 snapshots of 16 TiB have as many. */
const MOST_ENTRIES = 2 ** 26

/** The active disk first, then the snapshots as listed. */
export function disksOf(image: Image): readonly GuestDisk[] {
  return [activeDisk(image), ...image.snapshots.entries.map(snapshotDisk)]
}

/** Of the disks that have one L1 table, which no sound image has two of, the first. */
export function distinctDisks(image: Image): readonly GuestDisk[] {
  const byPlace = new Map<string, GuestDisk>()
  for (const disk of disksOf(image)) if (!byPlace.has(placeOf(disk))) byPlace.set(placeOf(disk), disk)
  return [...byPlace.values()]
}

const placeOf = ({ l1 }: GuestDisk): string => `${l1.offset} ${l1.entries}`

/** Disks claim more L1 entries than a plan can step through: 60000 snapshots of one table of 4 MiB. */
export function hasTooManyEntries({ activeL1, snapshots }: Image): boolean {
  const entries = snapshots.entries.reduce((sum, { l1 }) => sum + l1.entries, activeL1.entries)
  return entries > MOST_ENTRIES
}

/** What one disk has at an L1 index. */
export interface WindowEntry {
  /** Position in `disksOf`. */
  readonly disk: number
  readonly high: number
  readonly low: number
  /** Where the entry lies in the file, bytes. */
  readonly at: number
  /** Offset of the L2 table; 0: none, or the entry is no good. */
  readonly l2: number
  /** Nothing is mapped here, or what was is not to be believed; not where the disk has nothing to map. */
  readonly hole: boolean
}

/** The entries of all disks at one L1 index. */
export interface Window {
  readonly index: number
  readonly entries: readonly WindowEntry[]
}

/** Steps through the L1 tables of all disks side by side, but for places where no disk has anything. */
export async function* windowsOf(image: Image, disks = disksOf(image)): AsyncGenerator<Window> {
  const { clusterSize, l2Coverage } = image.geometry
  const needed = disks.map(({ size, vmStateSize }) => {
    const disk = Math.ceil(size / l2Coverage)
    return { disk, all: disk + Math.ceil(vmStateSize / l2Coverage) }
  })
  const last = disks.reduce((most, { l1 }) => Math.max(most, l1.entries), 0)
  const atOnce = Math.max(64, Math.min(CHUNK, Math.floor(CHUNKS / disks.length)))
  for (let first = 0; first < last; first += atOnce) {
    const chunks: (DataView | undefined)[] = []
    const used = new Uint8Array(atOnce)
    for (const { l1 } of disks) {
      const count = Math.min(atOnce, l1.entries - first)
      const chunk =
        count <= 0 ? undefined : viewOf(await readPadded(image.source, l1.offset + first * 8, count * 8))
      chunks.push(chunk)
      // One table after the other: index by index the tables of 65536 snapshots come from far memory each time.
      for (let at = 0; at < count; at++) if (used[at] === 0 && isUsed(chunk, at)) used[at] = 1
    }
    for (let index = first; index < Math.min(last, first + atOnce); index++) {
      if (used[index - first] === 0) continue
      const entries: WindowEntry[] = []
      for (const [disk, { l1 }] of disks.entries()) {
        const wanted = index < (needed[disk]?.all ?? 0)
        const chunk = chunks[disk]
        if (index >= l1.entries || chunk === undefined) {
          if (wanted) entries.push({ disk, high: 0, low: 0, at: -1, l2: 0, hole: true })
          continue
        }
        const high = chunk.getUint32((index - first) * 8)
        const low = chunk.getUint32((index - first) * 8 + 4)
        const offset = entryOffset(high, low)
        const good =
          offset !== 0 &&
          offset % clusterSize === 0 &&
          offset < image.fileSize &&
          (high & L1_RESERVED_HIGH) === 0 &&
          (low & L1_RESERVED_LOW) === 0
        entries.push({
          disk,
          high,
          low,
          at: l1.offset + index * 8,
          l2: good ? offset : 0,
          hole: !good && wanted,
        })
      }
      if (entries.length > 0) yield { index, entries }
    }
  }
}

function isUsed(chunk: DataView | undefined, index: number): boolean {
  if (chunk === undefined || index * 8 >= chunk.byteLength) return false
  return chunk.getUint32(index * 8) !== 0 || chunk.getUint32(index * 8 + 4) !== 0
}

/** An L2 table; of a cluster that the end of the file cuts, the rest is zeros. */
export async function readL2(image: Image, offset: number, into?: Uint8Array): Promise<DataView> {
  const bytes = into ?? new Uint8Array(image.geometry.clusterSize)
  await readInto(image.source, bytes, offset)
  return viewOf(bytes)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
