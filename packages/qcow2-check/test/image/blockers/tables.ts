import type { Case } from './case.ts'
import { END, u32, u64 } from './edits.ts'

export const TABLES: readonly Case[] = [
  { name: 'no refcount table', edit: u32(56, 0), code: 'header-refcount-table' },
  { name: 'refcount table of 8 MiB', edit: u32(56, 128), code: undefined },
  { name: 'refcount table of more than 8 MiB', edit: u32(56, 129), code: 'header-refcount-table' },
  { name: 'refcount table unaligned', edit: u64(48, 0x10200n), code: 'header-refcount-table' },
  { name: 'refcount table at 0', edit: u64(48, 0n), code: undefined },
  { name: 'refcount table beyond the end', edit: u64(48, 1n << 40n), code: undefined },
  { name: 'refcount table out of reach', edit: u64(48, END), code: 'header-refcount-table' },
  { name: 'refcount table at the last cluster within reach', edit: u64(48, END - 65536n), code: undefined },
  { name: 'refcount table beyond 2^63', edit: u64(48, 1n << 63n), code: 'header-refcount-table' },
  { name: 'L1 table of no entries', edit: u32(36, 0), code: 'header-l1-size' },
  { name: 'L1 table of more than 32 MiB', edit: u32(36, 4 * 1024 * 1024 + 1), code: 'header-l1-size' },
  { name: 'L1 table of 32 MiB', edit: u32(36, 4 * 1024 * 1024), code: undefined },
  { name: 'L1 table unaligned', edit: u64(40, 0x30008n), code: 'header-l1-offset' },
  { name: 'L1 table at 0', edit: u64(40, 0n), code: undefined },
  { name: 'L1 table beyond the end', edit: u64(40, 1n << 40n), code: undefined },
  { name: 'L1 table out of reach', edit: u64(40, END), code: 'header-l1-offset' },
  { name: 'L1 table beyond 2^63', edit: u64(40, 0xffffffffffff0000n), code: 'header-l1-offset' },
  { name: 'a disk that the L1 table just maps', edit: u64(24, 1n << 29n), code: undefined },
  { name: 'a disk larger than the L1 table maps', edit: u64(24, (1n << 29n) + 1n), code: 'header-l1-size' },
  { name: 'a disk of half an exabyte', edit: u64(24, 1n << 59n), code: 'header-virtual-size' },
  { name: 'a disk of 2^63-1 bytes', edit: u64(24, 2n ** 63n - 1n), code: 'header-virtual-size' },
  { name: 'a disk of 2^64-1 bytes', edit: u64(24, 2n ** 64n - 1n), code: 'header-virtual-size' },
  { name: 'a disk of no bytes', edit: u64(24, 0n), code: undefined },
  { name: 'a disk of a byte', edit: u64(24, 1n), code: undefined },
].map((one) => ({ ...one, kind: 'v3' }) as Case)
