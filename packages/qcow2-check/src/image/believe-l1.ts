import { entryOffset, type Geometry, L1_RESERVED_HIGH, L1_RESERVED_LOW, LIMITS } from '../format/index.ts'
import { FIX_HEADER } from './findings-list.ts'
import { FIELD } from './header-rules.ts'
import type { L1Table } from './image.ts'
import { mapsData } from './maps-data.ts'
import type { OpenContext } from './open-context.ts'
import { readRange } from './read-range.ts'
import { tableRefusal } from './table-rules.ts'

const MOST_ENTRIES = LIMITS.l1Table / 8
const SECTOR = 512

/** @param claimed offset (bytes) and entries as something in the image says them */
export function believeL1(
  claimed: { readonly offset: bigint; readonly entries: number },
  geometry: Geometry,
  fileSize: number,
): L1Table {
  const { offset, entries } = claimed
  const aligned = offset % BigInt(geometry.clusterSize) === 0n
  if (!aligned || offset >= BigInt(fileSize) || offset === 0n)
    return { offset: 0, entries: 0, claimedEntries: entries }
  const inFile = Math.floor((fileSize - Number(offset)) / 8)
  return { offset: Number(offset), entries: Math.min(entries, inFile, MOST_ENTRIES), claimedEntries: entries }
}

/** Entries of an L1 table that maps so many bytes. */
export function l1EntriesFor(size: number, geometry: Geometry): number {
  return Math.ceil(size / geometry.l2Coverage)
}

/** True if whole clusters of a table that begins in the file lie beyond its end. */
export function reachesBeyondEnd(table: L1Table, geometry: Geometry, fileSize: number): boolean {
  const bytes = Math.min(table.claimedEntries, MOST_ENTRIES) * 8
  const lastCluster = Math.floor((table.offset + bytes - 1) / geometry.clusterSize)
  return table.offset > 0 && bytes > 0 && lastCluster * geometry.clusterSize >= fileSize
}

export interface ActiveDisk {
  readonly activeL1: L1Table
  readonly virtualSize: number
}

/** The active L1 table and the size of the disk, which must fit one another; where they don't, one is chosen. */
export async function believeActiveDisk(context: OpenContext): Promise<ActiveDisk> {
  const { header, geometry, fileSize, findings, blockers } = context
  const { l1TableOffset: target, l1Size: entries, size } = header
  const claimed = { offset: target, entries, entrySize: 8, most: LIMITS.l1Table }
  const refusal = tableRefusal(claimed, geometry.clusterSize, 'Active L1 table')
  if (refusal !== undefined) {
    const tooLarge = entries > MOST_ENTRIES
    blockers.add(tooLarge ? 'header-l1-size' : 'header-l1-offset', refusal)
  }
  const most = Math.min(MOST_ENTRIES * geometry.l2Coverage, 2 ** 53 - geometry.clusterSize)
  const table = believeL1({ offset: target, entries }, geometry, fileSize)
  // A disk of no bytes has no clusters.
  const possible = size <= BigInt(most) && !(size === 0n && (await mapsData(context, table)))
  if (!possible) findings.add('header-virtual-size', FIELD.size, { size }, { repair: FIX_HEADER })
  // QEMU counts the disk in sectors.
  const virtualSize = possible ? Math.floor(Number(size) / SECTOR) * SECTOR : 0
  const needed = possible ? l1EntriesFor(Number(size), geometry) : 0
  refuseSize(context, possible)

  if (table.offset === 0 && (entries > 0 || needed > 0)) {
    findings.add('header-l1-offset', FIELD.l1TableOffset, { target }, { repair: FIX_HEADER })
    return { activeL1: table, virtualSize: possible ? virtualSize : entriesSize(entries, geometry, most) }
  }
  if (entries > MOST_ENTRIES || (possible && entries < needed))
    findings.add('header-l1-size', FIELD.l1Size, { entries, needed }, { repair: FIX_HEADER })
  if (entries <= MOST_ENTRIES && reachesBeyondEnd(table, geometry, fileSize))
    findings.add('truncated', { offset: fileSize, length: 0 }, { needed: table.offset + entries * 8 })
  if (!possible) return { activeL1: table, virtualSize: entriesSize(entries, geometry, most) }
  if (entries > MOST_ENTRIES) return { activeL1: cut(table, needed), virtualSize }
  if (entries >= needed) return { activeL1: table, virtualSize }
  const grown = believeL1({ offset: target, entries: needed }, geometry, fileSize)
  if (await entriesFit(context, grown, entries))
    return { activeL1: { ...grown, claimedEntries: entries }, virtualSize }
  return { activeL1: table, virtualSize: entriesSize(entries, geometry, most) }
}

/** What QEMU says about the size, in 64 bits that may overflow. */
function refuseSize({ header, geometry, blockers }: OpenContext, possible: boolean): void {
  const coverage = BigInt(geometry.l2Coverage)
  const needed = ((header.size + coverage - 1n) & (2n ** 64n - 1n)) / coverage
  if (needed > 2n ** 31n - 1n) blockers.add('header-virtual-size', 'Image is too big')
  else if (BigInt(header.l1Size) < needed)
    blockers.add(possible ? 'header-l1-size' : 'header-virtual-size', 'L1 table is too small')
}

function entriesSize(entries: number, geometry: Geometry, most: number): number {
  return Math.min(Math.min(entries, MOST_ENTRIES) * geometry.l2Coverage, most)
}

function cut(table: L1Table, entries: number): L1Table {
  return { ...table, entries: Math.min(table.entries, entries) }
}

/** True if what follows the claimed entries reads as entries too: then their number is what is wrong, not the size. */
async function entriesFit(
  { source, geometry, fileSize }: OpenContext,
  table: L1Table,
  from: number,
): Promise<boolean> {
  // What is missing of the last cluster of the file reads as zeros.
  if (reachesBeyondEnd(table, geometry, fileSize)) return false
  const { bytes, error } = await readRange(
    source,
    table.offset + from * 8,
    Math.max(0, table.entries - from) * 8,
  )
  if (error !== undefined) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    const offset = entryOffset(high, low)
    if ((high & L1_RESERVED_HIGH) !== 0 || (low & L1_RESERVED_LOW) !== 0) return false
    if (offset % geometry.clusterSize !== 0 || offset >= fileSize) return false
  }
  return true
}
