import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { BlockSource } from '../../src/source/index.ts'

/** A file with holes, in memory: as large as it says, and no larger than what was written. */
export class SparseSource implements BlockSource {
  readonly name = 'sparse'
  readonly size: number
  readonly #extents: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  bytesRead = 0

  constructor(size: number) {
    this.size = size
  }

  put(offset: number, bytes: Uint8Array): this {
    this.#extents.push({ offset, bytes })
    return this
  }

  /** Big-endian 64-bit entries. */
  entries(offset: number, count: number, entry: (index: number) => bigint): this {
    const bytes = Buffer.alloc(count * 8)
    for (let index = 0; index < count; index++) bytes.writeBigUInt64BE(entry(index), index * 8)
    return this.put(offset, bytes)
  }

  /** Bytes that are there. */
  get allocated(): number {
    return this.#extents.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  /** As a file with holes; the file system must allow for its size. */
  writeTo(path: string): void {
    const fd = openSync(path, 'w')
    try {
      ftruncateSync(fd, this.size)
      for (const { offset, bytes } of this.#extents) writeSync(fd, bytes, 0, bytes.length, offset)
    } finally {
      closeSync(fd)
    }
  }

  read(target: Uint8Array, offset: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - offset))
    this.bytesRead += count
    target.fill(0, 0, count)
    for (const extent of this.#extents) {
      const from = Math.max(offset, extent.offset)
      const to = Math.min(offset + count, extent.offset + extent.bytes.length)
      if (from < to)
        target.set(extent.bytes.subarray(from - extent.offset, to - extent.offset), from - offset)
    }
    return count
  }
}

export interface HeaderFields {
  readonly clusterBits: number
  readonly size: bigint
  readonly l1Size: number
  readonly l1: number
  readonly refcountTable: number
  readonly refcountTableClusters: number
  readonly snapshots?: number
  readonly snapshotsOffset?: number
  readonly refcountOrder?: number
  readonly incompatible?: bigint
  readonly autoclear?: bigint
  readonly compressionType?: number
}

export function headerBytes(fields: HeaderFields): Uint8Array {
  const header = Buffer.alloc(112)
  header.writeUInt32BE(0x514649fb, 0)
  header.writeUInt32BE(3, 4)
  header.writeUInt32BE(fields.clusterBits, 20)
  header.writeBigUInt64BE(fields.size, 24)
  header.writeUInt32BE(fields.l1Size, 36)
  header.writeBigUInt64BE(BigInt(fields.l1), 40)
  header.writeBigUInt64BE(BigInt(fields.refcountTable), 48)
  header.writeUInt32BE(fields.refcountTableClusters, 56)
  header.writeUInt32BE(fields.snapshots ?? 0, 60)
  header.writeBigUInt64BE(BigInt(fields.snapshotsOffset ?? 0), 64)
  header.writeBigUInt64BE(fields.incompatible ?? 0n, 72)
  header.writeBigUInt64BE(fields.autoclear ?? 0n, 88)
  header.writeUInt32BE(fields.refcountOrder ?? 4, 96)
  header.writeUInt32BE(fields.compressionType === undefined ? 104 : 112, 100)
  header[104] = fields.compressionType ?? 0
  return header
}

/** Entries of a snapshot table, 64 bytes each. */
export function snapshotTableBytes(
  count: number,
  l1: (index: number) => readonly [number, number],
): Uint8Array {
  const table = Buffer.alloc(count * 64)
  for (let index = 0; index < count; index++) {
    const at = index * 64
    const [offset, entries] = l1(index)
    table.writeBigUInt64BE(BigInt(offset), at)
    table.writeUInt32BE(entries, at + 8)
    table.writeUInt16BE(5, at + 12)
    table.writeUInt16BE(1, at + 14)
    table.writeUInt32BE(16, at + 36)
    table.write(String(index).padStart(5, '0'), at + 56)
    table.write('x', at + 61)
  }
  return table
}
