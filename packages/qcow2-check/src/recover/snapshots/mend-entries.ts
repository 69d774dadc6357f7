import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  encodeSnapshotEntry,
  LIMITS,
  SNAPSHOT_ENTRY_HEADER,
  type SnapshotEntry,
  snapshotEntryLengths,
} from '../../format/index.ts'
import { looksWritten, nameText } from '../../image/index.ts'
import type { CarvedEntry } from '../evidence.ts'
import type { TableRules } from '../reading/table-rules.ts'
import { LONGEST_ENTRY } from './carved-entries.ts'

/** Lengths of extra data that QEMU writes. */
const USUAL_EXTRA = [16, 24, 0] as const

/** An entry of which some fields are wrong; what it says of its L1 table is not to be believed. */
export interface DamagedEntry {
  readonly offset: number
  readonly length: number
  readonly entry: SnapshotEntry
}

/**
 * An entry with wrong fields: a name and an id can be read, where the extra data is as long as it says or as QEMU makes it.
 *
 * @param at a multiple of 8; the end of the entry before, or the beginning of the table
 * @param previousId id of the entry before, which tells where the id of one ends whose beginning was never written
 */
export function damagedEntry(
  bytes: Uint8Array,
  at: number,
  offset: number,
  rules: TableRules,
  previousId: string | undefined,
): DamagedEntry | undefined {
  const room = bytes.subarray(at, at + LONGEST_ENTRY)
  if (room.length < SNAPSHOT_ENTRY_HEADER) return undefined
  const place = { offset: offset + at }
  if (room.subarray(0, SNAPSHOT_ENTRY_HEADER).every((byte) => byte === 0)) {
    const found = withoutBeginning(room, rules, previousId)
    return found && { ...place, ...found }
  }
  const lengths = snapshotEntryLengths(room)
  if (lengths.id === 0 || lengths.id > 255 || lengths.name > 1023) return undefined
  for (const extra of [lengths.extraData, ...USUAL_EXTRA]) {
    const length = Math.ceil((SNAPSHOT_ENTRY_HEADER + extra + lengths.id + lengths.name) / 8) * 8
    if (extra > LIMITS.snapshotExtraData || length > room.length) continue
    const raw = room.slice(0, length)
    new DataView(raw.buffer).setUint32(36, extra)
    const entry = decodeSnapshotEntry(raw)
    if (looksWritten(entry) && sizesFit(entry, rules)) return { ...place, length, entry }
  }
  return undefined
}

/** Its first 40 bytes are zeros: QEMU writes them, the extra data, the id and the name one by one. */
function withoutBeginning(
  room: Uint8Array,
  rules: TableRules,
  previousId: string | undefined,
): Pick<DamagedEntry, 'length' | 'entry'> | undefined {
  for (const extra of USUAL_EXTRA) {
    if (extra === 0) continue
    const start = SNAPSHOT_ENTRY_HEADER + extra
    let end = start
    while (end < room.length && room[end] !== 0) end++
    const text = room.subarray(start, end)
    const id = idOf(Buffer.from(text).toString('latin1'), previousId)
    if (id === undefined || !text.every(isTyped)) continue
    const entry: SnapshotEntry = {
      ...decodeSnapshotEntry(new Uint8Array(SNAPSHOT_ENTRY_HEADER)),
      extraData: room.slice(SNAPSHOT_ENTRY_HEADER, start),
      id: text.slice(0, id.length),
      name: text.slice(id.length),
    }
    if (!sizesFit(entry, rules) || (decodeSnapshotExtra(entry.extraData).diskSize ?? 0n) === 0n) continue
    return { length: Math.ceil(end / 8) * 8, entry }
  }
  return undefined
}

/** A byte of a name, in whatever encoding it was typed. */
function isTyped(byte: number): boolean {
  return byte >= 0x20 || byte === 0x09
}

/** QEMU numbers snapshots upwards, so that the id that follows the one before is the likeliest beginning of the text. */
function idOf(text: string, previousId: string | undefined): string | undefined {
  const next = /^\d{1,9}$/.test(previousId ?? '0') ? String(Number(previousId ?? '0') + 1) : undefined
  if (next !== undefined && text.startsWith(next)) return next
  return /^\d{1,9}/.exec(text)?.[0]
}

function sizesFit({ extraData }: SnapshotEntry, { geometry }: TableRules): boolean {
  const most = BigInt(LIMITS.l1Table / 8) * BigInt(geometry.l2Coverage)
  const { diskSize = 0n, vmStateSize = 0n } = decodeSnapshotExtra(extraData)
  return diskSize <= most && vmStateSize <= most
}

/** The entry with the L1 table that it must have meant. */
export function mendEntry(
  { offset, length, entry }: DamagedEntry,
  l1: { readonly offset: number; readonly entries: number },
): CarvedEntry {
  const mended = { ...entry, l1TableOffset: BigInt(l1.offset), l1Size: l1.entries }
  const extra = decodeSnapshotExtra(entry.extraData)
  return {
    offset,
    length,
    l1: { offset: l1.offset, entries: l1.entries, claimedEntries: l1.entries },
    id: nameText(entry.id),
    name: nameText(entry.name),
    diskSize: extra.diskSize === undefined ? undefined : Number(extra.diskSize),
    vmStateSize: Number(extra.vmStateSize ?? BigInt(entry.vmStateSize32)),
    date: entry.dateSeconds,
    dateNanoseconds: entry.dateNanoseconds,
    vmClock: entry.vmClock,
    bytes: encodeSnapshotEntry(mended),
    mended: true,
  }
}
