import { noise } from '../support/noise.ts'
import type { Healthy } from './healthy.ts'
import type { Disk, Layout, Mapped } from './layout.ts'
import { type NextSnapshot, nextSnapshotOf } from './next-snapshot.ts'

/** A copy of a healthy image, to be damaged. */
export class Workpiece {
  bytes: Buffer
  readonly healthy: Healthy
  readonly layout: Layout

  constructor(healthy: Healthy) {
    this.healthy = healthy
    this.layout = healthy.layout
    this.bytes = Buffer.from(healthy.bytes)
  }

  get clusterSize(): number {
    return this.layout.clusterSize
  }

  get active(): Disk {
    return this.layout.disks[0] as Disk
  }

  get snapshots(): readonly Disk[] {
    return this.layout.disks.slice(1)
  }

  u32(at: number): number {
    return this.bytes.readUInt32BE(at)
  }

  setU32(at: number, value: number): void {
    this.bytes.writeUInt32BE(value >>> 0, at)
  }

  u64(at: number): bigint {
    return this.bytes.readBigUInt64BE(at)
  }

  setU64(at: number, value: bigint | number): void {
    this.bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), at)
  }

  /** Changes an entry in place. */
  change(at: number, to: (value: bigint) => bigint): void {
    this.setU64(at, to(this.u64(at)))
  }

  zero(at: number, length: number): void {
    this.fill(at, length, 0)
  }

  fill(at: number, length: number, value: number): void {
    this.bytes.fill(value, at, Math.min(at + length, this.bytes.length))
  }

  /** What is left when something else was written there. */
  garbage(at: number, length: number, seed = 'garbage'): void {
    noise(`${seed}/${at}`, length).copy(this.bytes, at)
  }

  copy(from: number, to: number, length: number): void {
    this.bytes.copy(this.bytes, to, from, from + length)
  }

  /** Offset of new clusters of zeros at the end of the file. */
  append(clusters = 1): number {
    const offset = Math.ceil(this.bytes.length / this.clusterSize) * this.clusterSize
    this.bytes = Buffer.concat([
      this.bytes,
      Buffer.alloc(offset + clusters * this.clusterSize - this.bytes.length),
    ])
    return offset
  }

  cut(length: number): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, length))
  }

  /** Reference count of the cluster that holds this offset. */
  refcount(offset: number): bigint {
    const { at, bits, shift } = this.#refcountAt(offset)
    if (bits === 64) return this.u64(at)
    if (bits >= 8) return BigInt(this.bytes.readUIntBE(at, bits / 8))
    return BigInt(((this.bytes[at] as number) >> shift) & (2 ** bits - 1))
  }

  setRefcount(offset: number, value: number): void {
    const { at, bits, shift } = this.#refcountAt(offset)
    if (bits === 64) this.setU64(at, value)
    else if (bits >= 8) this.bytes.writeUIntBE(value % 2 ** bits, at, bits / 8)
    else {
      const mask = (2 ** bits - 1) << shift
      this.bytes[at] = ((this.bytes[at] as number) & ~mask) | ((value << shift) & mask)
    }
  }

  #refcountAt(offset: number): { at: number; bits: number; shift: number } {
    const bits = this.layout.refcountBits
    const cluster = Math.floor(offset / this.clusterSize)
    const perBlock = (this.clusterSize * 8) / bits
    const block = this.layout.refcountBlocks[Math.floor(cluster / perBlock)]
    if (!block) throw new Error(`no refcount block for offset ${offset}`)
    const bit = (cluster % perBlock) * bits
    return { at: block + Math.floor(bit / 8), bits, shift: bit % 8 }
  }

  /** Data clusters of a disk that lie in the file. */
  dataOf(disk: Disk): readonly Mapped[] {
    return disk.mapped.filter((mapped) => mapped.kind === 'data' && mapped.length > 0)
  }

  /** Those that no other disk has. */
  onlyIn(disk: Disk): readonly Mapped[] {
    const others = new Set(
      this.layout.disks.filter((d) => d !== disk).flatMap((d) => d.mapped.map((mapped) => mapped.host)),
    )
    return this.dataOf(disk).filter((mapped) => !others.has(mapped.host))
  }

  /** Those that the active disk and all snapshots have. */
  sharedByAll(): readonly Mapped[] {
    return this.dataOf(this.active).filter((mapped) =>
      this.snapshots.every((disk) => disk.mapped.some((other) => other.host === mapped.host)),
    )
  }

  /** Where the L1 entry of a window is. */
  l1Entry(disk: Disk, index: number): number {
    return disk.l1.offset + index * 8
  }

  /** What a snapshot would change that is taken now. */
  nextSnapshot(): NextSnapshot {
    return nextSnapshotOf(this.healthy)
  }

  /** A cluster as it is in another version of the image; zeros where that is shorter. */
  takeOver(from: Buffer, cluster: number): void {
    const at = cluster * this.clusterSize
    this.bytes.fill(0, at, Math.min(at + this.clusterSize, this.bytes.length))
    from.subarray(at, at + this.clusterSize).copy(this.bytes, at)
  }
}
