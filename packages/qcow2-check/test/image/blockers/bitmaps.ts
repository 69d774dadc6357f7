import type { Case } from './case.ts'
import { all, at, BITMAPS, type Edit, END, inExtension, u8, u16, u32, u64 } from './edits.ts'

const inDirectory = (edit: (offset: number) => Edit) => inExtension(BITMAPS, (ext) => at(ext + 24, edit))

/** Fields of the header extension. */
const extension = {
  length: (value: number) => inExtension(BITMAPS, (ext) => u32(ext + 4, value)),
  count: (value: number) => inExtension(BITMAPS, (ext) => u32(ext + 8, value)),
  reserved: (value: number) => inExtension(BITMAPS, (ext) => u32(ext + 12, value)),
  countAndReserved: (value: bigint) => inExtension(BITMAPS, (ext) => u64(ext + 8, value)),
  size: (value: bigint) => inExtension(BITMAPS, (ext) => u64(ext + 16, value)),
  directory: (value: bigint) => inExtension(BITMAPS, (ext) => u64(ext + 24, value)),
}
/** Fields of the first entry of the directory. */
const entry = {
  table: (value: bigint) => inDirectory((dir) => u64(dir, value)),
  tableSize: (value: number) => inDirectory((dir) => u32(dir + 8, value)),
  flags: (value: number) => inDirectory((dir) => u32(dir + 12, value)),
  type: (value: number) => inDirectory((dir) => u8(dir + 16, value)),
  granularity: (value: number) => inDirectory((dir) => u8(dir + 17, value)),
  nameLength: (value: number) => inDirectory((dir) => u16(dir + 18, value)),
  extra: (value: number) => inDirectory((dir) => u32(dir + 20, value)),
  name: (value: number) => inDirectory((dir) => u8(dir + 25, value)),
}
/** The first entry of its table. */
const tableEntry = (value: bigint) => inDirectory((dir) => at(dir, (table) => u64(table, value)))
const NO_AUTOCLEAR = u64(88, 0n)

const ROWS: readonly (readonly [name: string, edit: Edit, code: Case['code']])[] = [
  ['as they are', () => {}, undefined],
  ['without the autoclear bit', NO_AUTOCLEAR, undefined],
  [
    'without the autoclear bit, all of it wrong',
    all(NO_AUTOCLEAR, extension.countAndReserved(0xffffffff_ffffffffn)),
    undefined,
  ],
  [
    'without the autoclear bit, and 16 bytes long',
    all(NO_AUTOCLEAR, extension.length(16)),
    'header-extension',
  ],
  ['extension of 16 bytes', extension.length(16), 'header-extension'],
  ['reserved field set', extension.reserved(1), 'bitmap-directory'],
  ['no bitmaps', extension.count(0), 'bitmap-directory'],
  ['65535 bitmaps', extension.count(65535), 'bitmap-directory'],
  ['65536 bitmaps', extension.count(65536), 'bitmap-directory'],
  ['one bitmap counted of two', extension.count(1), 'bitmap-directory'],
  ['three bitmaps counted of two', extension.count(3), 'bitmap-directory'],
  ['directory unaligned', extension.directory(8n), 'bitmap-directory'],
  ['directory of no bytes', extension.size(0n), 'bitmap-directory'],
  ['directory too large', extension.size(67107841n), 'bitmap-directory'],
  ['directory too short', extension.size(40n), 'bitmap-directory'],
  ['directory not a multiple of 8', extension.size(63n), 'bitmap-directory'],
  ['directory too long', extension.size(96n), 'bitmap-directory'],
  ['directory at 0', extension.directory(0n), 'bitmap-entry'],
  ['directory beyond the end', extension.directory(1n << 40n), 'bitmap-directory'],
  ['directory out of reach', extension.directory(END), 'bitmap-directory'],
  ['extra data', entry.extra(1), 'bitmap-entry'],
  ['table unaligned', entry.table(0x40008n), 'bitmap-entry'],
  ['table at 0', entry.table(0n), 'bitmap-entry'],
  ['table beyond the end', entry.table(1n << 40n), undefined],
  ['table of no entries', entry.tableSize(0), 'bitmap-entry'],
  ['table of 2 entries', entry.tableSize(2), 'bitmap-table'],
  ['table of 2 entries, in use', all(entry.tableSize(2), entry.flags(3)), undefined],
  ['table of 2^32-1 entries', entry.tableSize(0xffffffff), 'bitmap-entry'],
  ['more than 512 MiB of bitmap', entry.tableSize(8193), 'bitmap-entry'],
  ['in use', entry.flags(3), undefined],
  ['unknown flag', entry.flags(8), 'bitmap-entry'],
  ['extra data compatible', entry.flags(6), 'bitmap-entry'],
  ['type 2', entry.type(2), 'bitmap-entry'],
  ['granularity 2^8', entry.granularity(8), 'bitmap-entry'],
  ['granularity 2^9', entry.granularity(9), undefined],
  ['granularity 2^31', entry.granularity(31), undefined],
  ['granularity 2^32', entry.granularity(32), 'bitmap-entry'],
  ['a name of no bytes, so that the next entry is rubbish', entry.nameLength(0), 'bitmap-entry'],
  ['a name that is too long', entry.nameLength(2000), 'bitmap-directory'],
  ['the same name twice', entry.name(0x31), 'bitmap-entry'],
  ['table entry with reserved bits', tableEntry(1n << 56n), 'bitmap-table'],
  ['table entry with reserved bits, in use', all(tableEntry(2n), entry.flags(3)), undefined],
  ['table entry all ones', tableEntry(1n), undefined],
  ['table entry all ones and an offset', tableEntry(0x50001n), 'bitmap-table'],
  ['table entry unaligned', tableEntry(0x50200n), 'bitmap-table'],
  ['table entry beyond the end', tableEntry(1n << 40n), undefined],
]

export const BITMAP_CASES: readonly Case[] = ROWS.map(([name, edit, code]) => ({
  kind: 'bitmaps',
  name,
  edit,
  code,
}))
