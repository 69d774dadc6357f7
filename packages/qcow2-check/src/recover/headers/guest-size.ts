import type { Survey } from '../../check/index.ts'
import { LIMITS } from '../../format/index.ts'
import type { Image, L1Table } from '../../image/index.ts'
import { readRange } from '../../image/read-range.ts'
import type { CarvedEntry, Evidence, HeaderField } from '../evidence.ts'
import type { Trial } from './trial.ts'

/** Bytes of the guest's disk, and where the number comes from. */
export interface GuestSize {
  readonly size: number
  readonly from: HeaderField['from']
}

/**
 * How long the guest's disk was, where the header doesn't say it: as long as when the newest snapshot was taken, if that
 * fits the L1 table; as long as its GPT says; else as much as the L1 table maps, which may be too much by a window.
 */
export async function guestSize({ image, survey }: Trial, evidence: Evidence): Promise<GuestSize> {
  const { l2Coverage } = image.geometry
  const mapped = image.activeL1.entries * l2Coverage
  const most = (await roomOf(image, survey)) * l2Coverage
  const used = await lastMapped(image, image.activeL1)
  const newest = evidence.snapshots
    .filter(({ entry }) => entry?.diskSize !== undefined)
    .sort((a, b) => (a.entry && b.entry ? takenLater(b.entry, a.entry) : 0))[0]
  const disk = newest?.entry?.diskSize ?? 0
  // Machine state lies behind the disk, in the snapshot's table as in the active one.
  const fits = disk > used || (newest !== undefined && (await lastMapped(image, newest.l1)) >= used)
  if (disk > 0 && disk <= most && fits) return { size: disk, from: 'carved' }
  const gpt = await gptSize(image)
  if (gpt !== undefined && gpt <= most && gpt > used) return { size: gpt, from: 'carved' }
  return { size: mapped, from: 'guessed' }
}

/** Snapshots of one second, as a backup job takes them, differ in nanoseconds, and in the numbers they get in turn. */
function takenLater(one: CarvedEntry, other: CarvedEntry): number {
  return (
    one.date - other.date || one.dateNanoseconds - other.dateNanoseconds || Number(one.id) - Number(other.id)
  )
}

/** Entries that the L1 table can have: to the end of its cluster, and of those behind it that are used for nothing else. */
async function roomOf(
  { source, activeL1, geometry }: Image,
  { stored, referenced }: Survey,
): Promise<number> {
  const { clusterSize } = geometry
  const isZero = async (from: number, to: number) =>
    (await readRange(source, from, to - from)).bytes.every((byte) => byte === 0)
  const used = activeL1.offset + activeL1.entries * 8
  let end = Math.ceil(used / clusterSize) * clusterSize
  if (!(await isZero(used, end))) return activeL1.entries
  while (end - activeL1.offset < LIMITS.l1Table) {
    const cluster = end / clusterSize
    if (stored(cluster) !== 1 || referenced(cluster) !== 0 || !(await isZero(end, end + clusterSize))) break
    end += clusterSize
  }
  return (end - activeL1.offset) / 8
}

/** Guest offset of the last window that has an L2 table, bytes. */
async function lastMapped({ source, geometry }: Image, l1: L1Table): Promise<number> {
  const { bytes } = await readRange(source, l1.offset, l1.entries * 8)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let last = 0
  for (let index = 0; index * 8 + 8 <= bytes.length; index++)
    if (view.getBigUint64(index * 8) !== 0n) last = index
  return last * geometry.l2Coverage
}

/** The backup header of a GPT is the last sector of the disk (UEFI specification, table 5-5, "AlternateLBA"). */
async function gptSize(image: Image): Promise<number | undefined> {
  const { source, activeL1, geometry } = image
  const first = await u64(source, activeL1.offset)
  const table = Number(first & 0x00ff_ffff_ffff_fe00n)
  if (table === 0 || table >= image.fileSize) return undefined
  const entry = await u64(source, table + (geometry.clusterSize > 512 ? 0 : geometry.l2EntrySize))
  const cluster = Number(entry & 0x00ff_ffff_ffff_fe00n)
  if (cluster === 0 || cluster >= image.fileSize || (entry & (1n << 62n)) !== 0n) return undefined
  const at = cluster + (geometry.clusterSize > 512 ? 512 : 0)
  const { bytes } = await readRange(source, at, 92)
  if (bytes.length < 92 || new TextDecoder().decode(bytes.subarray(0, 8)) !== 'EFI PART') return undefined
  const alternate = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(32, true)
  return alternate < 2n ** 43n ? (Number(alternate) + 1) * 512 : undefined
}

async function u64(source: Image['source'], offset: number): Promise<bigint> {
  const { bytes } = await readRange(source, offset, 8)
  return bytes.length < 8 ? 0n : new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
}
