import {
  EXTENSION,
  encodeHeader,
  encodeHeaderExtensions,
  encodeSnapshotEntry,
  encodeSnapshotExtra,
  INCOMPATIBLE,
  V3_HEADER_LENGTH,
} from '../../format/index.ts'
import type { Image, OwnedRange } from '../../image/image.ts'
import type { GuestDisk } from '../../mapping/disk.ts'
import type { OutputFile } from '../output-file.ts'
import type { Allocator, OutputL1 } from './output-tables.ts'
import type { RefcountStructures } from './write-refcounts.ts'

export interface SnapshotPointer {
  readonly count: number
  /** Bytes; 0 without snapshots. */
  readonly offset: number
}

/** @param l1s the active disk's first; the others are those of the snapshots */
export async function writeSnapshotTable(
  output: OutputFile,
  allocator: Allocator,
  clusterSize: number,
  disks: readonly GuestDisk[],
  l1s: readonly OutputL1[],
): Promise<SnapshotPointer> {
  const entries = disks.slice(1).map((disk, index) => snapshotEntry(disk, l1s[index + 1] as OutputL1))
  if (entries.length === 0) return { count: 0, offset: 0 }
  const table = Buffer.concat(entries)
  const offset = allocator.take(Math.ceil(table.length / clusterSize), 1) * clusterSize
  await output.write(table, offset)
  return { count: entries.length, offset }
}

function snapshotEntry({ snapshot, vmStateSize, size }: GuestDisk, l1: OutputL1): Uint8Array {
  const { id = '', name = '', date = 0, dateNanoseconds = 0, vmClock = 0n, icount } = snapshot ?? {}
  return encodeSnapshotEntry({
    l1TableOffset: BigInt(l1.offset),
    l1Size: l1.entries,
    dateSeconds: date,
    dateNanoseconds,
    vmClock,
    vmStateSize32: vmStateSize % 2 ** 32,
    extraData: encodeSnapshotExtra({
      vmStateSize: BigInt(vmStateSize),
      diskSize: BigInt(size),
      ...(icount !== undefined && { icount }),
    }),
    id: Buffer.from(id),
    name: Buffer.from(name),
  })
}

export interface HeaderParts {
  readonly image: Image
  readonly size: number
  readonly l1: OutputL1
  readonly refcounts: RefcountStructures
  readonly snapshots: SnapshotPointer
  /** Where the encryption header lies, in the source and in the output. */
  readonly crypto: OwnedRange | undefined
}

/** The last thing to be written. */
export async function writeHeader(output: OutputFile, parts: HeaderParts): Promise<void> {
  const { image, size, l1, refcounts, snapshots, crypto } = parts
  const header = encodeHeader({
    version: 3,
    backingFileOffset: 0n,
    backingFileSize: 0,
    clusterBits: image.geometry.clusterBits,
    size: BigInt(size),
    cryptMethod: image.header.cryptMethod,
    l1Size: l1.entries,
    l1TableOffset: BigInt(l1.offset),
    refcountTableOffset: BigInt(refcounts.tableOffset),
    refcountTableClusters: refcounts.tableClusters,
    snapshotCount: snapshots.count,
    snapshotsOffset: BigInt(snapshots.offset),
    incompatibleFeatures: image.features.extendedL2 ? INCOMPATIBLE.extendedL2 : 0n,
    compatibleFeatures: 0n,
    autoclearFeatures: 0n,
    refcountOrder: refcounts.order,
    headerLength: V3_HEADER_LENGTH,
    compressionType: 0,
  })
  const extensions = crypto ? [{ type: EXTENSION.cryptoHeader, data: cryptoPointer(crypto) }] : []
  await output.write(Buffer.concat([header, encodeHeaderExtensions(extensions)]), 0)
}

function cryptoPointer({ offset, length }: OwnedRange): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(offset))
  view.setBigUint64(8, BigInt(length))
  return bytes
}
