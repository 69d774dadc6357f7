import type { Case } from './case.ts'
import { all, at, BITMAPS, END, inExtension, u8, u16, u32, u64 } from './edits.ts'

const directory = (edit: (offset: number) => (bytes: Buffer) => void) =>
  inExtension(BITMAPS, (ext) => at(ext + 24, edit))
const table = (edit: (offset: number) => (bytes: Buffer) => void) => directory((dir) => at(dir, edit))

export const BITMAP_CASES: readonly Case[] = [
  { name: 'as they are', edit: () => {}, code: undefined },
  { name: 'without the autoclear bit', edit: u64(88, 0n), code: undefined },
  {
    name: 'without the autoclear bit, all of it wrong',
    edit: all(
      u64(88, 0n),
      inExtension(BITMAPS, (ext) => u64(ext + 8, 0xffffffff_ffffffffn)),
    ),
    code: undefined,
  },
  {
    name: 'without the autoclear bit, and 16 bytes long',
    edit: all(
      u64(88, 0n),
      inExtension(BITMAPS, (ext) => u32(ext + 4, 16)),
    ),
    code: 'header-extension',
  },
  {
    name: 'extension of 16 bytes',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 4, 16)),
    code: 'header-extension',
  },
  {
    name: 'reserved field set',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 12, 1)),
    code: 'bitmap-directory',
  },
  { name: 'no bitmaps', edit: inExtension(BITMAPS, (ext) => u32(ext + 8, 0)), code: 'bitmap-directory' },
  {
    name: '65535 bitmaps',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 8, 65535)),
    code: 'bitmap-directory',
  },
  {
    name: '65536 bitmaps',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 8, 65536)),
    code: 'bitmap-directory',
  },
  {
    name: 'one bitmap counted of two',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 8, 1)),
    code: 'bitmap-directory',
  },
  {
    name: 'three bitmaps counted of two',
    edit: inExtension(BITMAPS, (ext) => u32(ext + 8, 3)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory unaligned',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 24, 8n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory of no bytes',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 16, 0n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory too large',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 16, 67107841n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory too short',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 16, 40n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory not a multiple of 8',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 16, 63n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory too long',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 16, 96n)),
    code: 'bitmap-directory',
  },
  { name: 'directory at 0', edit: inExtension(BITMAPS, (ext) => u64(ext + 24, 0n)), code: 'bitmap-entry' },
  {
    name: 'directory beyond the end',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 24, 1n << 40n)),
    code: 'bitmap-directory',
  },
  {
    name: 'directory out of reach',
    edit: inExtension(BITMAPS, (ext) => u64(ext + 24, END)),
    code: 'bitmap-directory',
  },
  { name: 'extra data', edit: directory((dir) => u32(dir + 20, 1)), code: 'bitmap-entry' },
  { name: 'table unaligned', edit: directory((dir) => u64(dir, 0x40008n)), code: 'bitmap-entry' },
  { name: 'table at 0', edit: directory((dir) => u64(dir, 0n)), code: 'bitmap-entry' },
  { name: 'table beyond the end', edit: directory((dir) => u64(dir, 1n << 40n)), code: undefined },
  { name: 'table of no entries', edit: directory((dir) => u32(dir + 8, 0)), code: 'bitmap-entry' },
  { name: 'table of 2 entries', edit: directory((dir) => u32(dir + 8, 2)), code: 'bitmap-table' },
  {
    name: 'table of 2 entries, in use',
    edit: directory((dir) => all(u32(dir + 8, 2), u32(dir + 12, 3))),
    code: undefined,
  },
  {
    name: 'table of 2^32-1 entries',
    edit: directory((dir) => u32(dir + 8, 0xffffffff)),
    code: 'bitmap-entry',
  },
  { name: 'more than 512 MiB of bitmap', edit: directory((dir) => u32(dir + 8, 8193)), code: 'bitmap-entry' },
  { name: 'in use', edit: directory((dir) => u32(dir + 12, 3)), code: undefined },
  { name: 'unknown flag', edit: directory((dir) => u32(dir + 12, 8)), code: 'bitmap-entry' },
  { name: 'extra data compatible', edit: directory((dir) => u32(dir + 12, 6)), code: 'bitmap-entry' },
  { name: 'type 2', edit: directory((dir) => u8(dir + 16, 2)), code: 'bitmap-entry' },
  { name: 'granularity 2^8', edit: directory((dir) => u8(dir + 17, 8)), code: 'bitmap-entry' },
  { name: 'granularity 2^9', edit: directory((dir) => u8(dir + 17, 9)), code: undefined },
  { name: 'granularity 2^31', edit: directory((dir) => u8(dir + 17, 31)), code: undefined },
  { name: 'granularity 2^32', edit: directory((dir) => u8(dir + 17, 32)), code: 'bitmap-entry' },
  {
    name: 'a name of no bytes, so that the next entry is rubbish',
    edit: directory((dir) => u16(dir + 18, 0)),
    code: 'bitmap-entry',
  },
  {
    name: 'a name that is too long',
    edit: directory((dir) => u16(dir + 18, 2000)),
    code: 'bitmap-directory',
  },
  { name: 'the same name twice', edit: directory((dir) => u8(dir + 25, 0x31)), code: 'bitmap-entry' },
  {
    name: 'table entry with reserved bits',
    edit: table((entry) => u64(entry, 1n << 56n)),
    code: 'bitmap-table',
  },
  {
    name: 'table entry with reserved bits, in use',
    edit: all(
      table((entry) => u64(entry, 2n)),
      directory((dir) => u32(dir + 12, 3)),
    ),
    code: undefined,
  },
  { name: 'table entry all ones', edit: table((entry) => u64(entry, 1n)), code: undefined },
  {
    name: 'table entry all ones and an offset',
    edit: table((entry) => u64(entry, 0x50001n)),
    code: 'bitmap-table',
  },
  { name: 'table entry unaligned', edit: table((entry) => u64(entry, 0x50200n)), code: 'bitmap-table' },
  { name: 'table entry beyond the end', edit: table((entry) => u64(entry, 1n << 40n)), code: undefined },
].map((one) => ({ ...one, kind: 'bitmaps' }) as Case)
