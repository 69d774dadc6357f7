import type { Geometry, Header } from '../format/index.ts'
import { type ActiveDisk, l1EntriesFor } from './believe-l1.ts'
import type { Image, Snapshot, SnapshotTable } from './image.ts'
import { readRange } from './read-range.ts'

/*
 * Where a disk takes more entries than its L1 table is said to have, one of the two is wrong. A longer L1 table changes
 * nothing; a longer disk has its second partition table in the wrong place.
 */

/**
 * The newest snapshot whose disk takes as many entries as there are. Machine state lies behind the disk and makes the
 * table longer: with it, all snapshots must have the same size.
 */
export function toldSize(header: Header, geometry: Geometry, snapshots: SnapshotTable): Snapshot | undefined {
  const told = snapshots.entries.filter(tells)
  const exact = told.findLast(({ diskSize }) => l1EntriesFor(diskSize, geometry) === header.l1Size)
  if (exact !== undefined) return exact
  const last = told.at(-1)
  const same = told.every(({ diskSize }) => diskSize === last?.diskSize)
  const grown = told.some(({ vmStateSize }) => vmStateSize > 0)
  if (last === undefined || !same || !grown || !snapshots.complete) return undefined
  return last.diskSize > 0 && l1EntriesFor(last.diskSize, geometry) < header.l1Size ? last : undefined
}

/** The disk as a snapshot tells it, where the header gives it more than its L1 table maps and no snapshot says so. */
export function believeToldSize(
  disk: ActiveDisk,
  header: Header,
  geometry: Geometry,
  snapshots: SnapshotTable,
): ActiveDisk {
  const { activeL1, virtualSize } = disk
  const mapped = BigInt(header.l1Size) * BigInt(geometry.l2Coverage)
  if (mapped === 0n || header.size <= mapped) return disk
  const told = toldSize(header, geometry, snapshots)
  if (told === undefined || told.diskSize > virtualSize || tellsSize(snapshots, header.size)) return disk
  return {
    activeL1: { ...activeL1, entries: Math.min(activeL1.entries, header.l1Size) },
    virtualSize: told.diskSize,
  }
}

/** Does something beside the header show that the L1 table has as many entries as the disk takes? */
export async function needsItsEntries(image: Image): Promise<boolean> {
  const { source, header, geometry, snapshots, activeL1 } = image
  // Nobody has a disk of no bytes.
  if (header.l1Size === 0 || tellsSize(snapshots, header.size)) return true
  // What lies in the clusters behind it may be another table.
  const from = activeL1.offset + header.l1Size * 8
  const room = (geometry.clusterSize - (from % geometry.clusterSize)) % geometry.clusterSize
  const more = Math.min(room, Math.max(0, activeL1.entries - header.l1Size) * 8)
  return (await readRange(source, from, more)).bytes.some((byte) => byte !== 0)
}

function tellsSize({ entries }: SnapshotTable, size: bigint): boolean {
  return entries.some((snapshot) => tells(snapshot) && BigInt(snapshot.diskSize) === size)
}

const tells = ({ sound, tellsDiskSize }: Snapshot): boolean => sound && tellsDiskSize
