import type { Case } from './case.ts'
import { all, at, END, u16, u32, u64 } from './edits.ts'

export const SNAPSHOTS: readonly Case[] = [
  { name: 'as they are', edit: () => {}, code: undefined },
  { name: '65536 snapshots', edit: u32(60, 65536), code: undefined },
  { name: '65537 snapshots', edit: u32(60, 65537), code: 'snapshots-count' },
  { name: '0x41414141 snapshots', edit: u32(60, 0x41414141), code: 'snapshots-count' },
  { name: 'table unaligned', edit: u64(64, 0x180008n), code: 'snapshots-offset' },
  { name: 'table at 0', edit: u64(64, 0n), code: undefined },
  { name: 'table beyond the end', edit: u64(64, 1n << 40n), code: undefined },
  { name: 'table out of reach', edit: u64(64, END), code: 'snapshots-offset' },
  { name: 'table just within reach', edit: u64(64, END - 65536n), code: undefined },
  { name: 'table beyond 2^63', edit: u64(64, 0xffffffffffff0000n), code: 'snapshots-offset' },
  { name: 'no snapshots, table unaligned', edit: all(u32(60, 0), u64(64, 5n)), code: 'snapshots-offset' },
  { name: 'extra data of 1024 bytes', edit: at(64, (table) => u32(table + 36, 1024)), code: undefined },
  {
    name: 'extra data of 1025 bytes',
    edit: at(64, (table) => u32(table + 36, 1025)),
    code: 'snapshot-extra-data',
  },
  { name: 'extra data of 15 bytes', edit: at(64, (table) => u32(table + 36, 15)), code: undefined },
  {
    name: 'no extra data, so that the next entry is rubbish',
    edit: at(64, (table) => u32(table + 36, 0)),
    code: 'snapshot-extra-data',
  },
  {
    name: 'second entry overwritten by a guest',
    edit: at(64, (table) => (bytes) => void bytes.fill(0xc3, table + 72)),
    code: 'snapshot-extra-data',
  },
  { name: 'empty entries', edit: at(64, (table) => (bytes) => void bytes.fill(0, table)), code: undefined },
  {
    name: 'an empty entry, then rubbish',
    edit: at(64, (table) => (bytes) => {
      bytes.fill(0, table, table + 40)
      bytes.fill(0xff, table + 40)
    }),
    code: 'snapshot-extra-data',
  },
  { name: 'L1 table anywhere', edit: at(64, (table) => u64(table, 0x123456789n)), code: undefined },
  {
    name: 'L1 table of 2^32-1 entries',
    edit: at(64, (table) => u32(table + 8, 0xffffffff)),
    code: undefined,
  },
  { name: 'an id of 65535 bytes', edit: at(64, (table) => u16(table + 12, 65535)), code: undefined },
  {
    name: 'names of more than 64 MiB',
    edit: (bytes: Buffer) => {
      const table = Number(bytes.readBigUInt64BE(64))
      bytes.writeUInt32BE(65536, 60)
      const longer = Buffer.alloc(table + 1000 * 66600)
      bytes.copy(longer, 0, 0, table)
      for (let entry = 0; entry < 1000; entry++) {
        longer.writeUInt16BE(65535, table + entry * 66600 + 14)
        longer.writeUInt32BE(1020, table + entry * 66600 + 36)
      }
      return longer
    },
    code: 'snapshots-count',
  },
].map((one) => ({ ...one, kind: 'snapshots' }) as Case)
