import type { Finding } from '../findings/index.ts'
import type { Geometry } from '../format/geometry.ts'
import type { Header } from '../format/header.ts'
import type { BlockSource } from '../source/index.ts'

/** An L1 table as something points to it, cut to what the file can hold. */
export interface L1Table {
  /** Bytes; 0 where there is none. */
  readonly offset: number
  /** Entries that lie in the file. */
  readonly entries: number
  /** Entries that are claimed. */
  readonly claimedEntries: number
}

/** A snapshot as the table of the image lists it. */
export interface Snapshot {
  /** Position in the table. */
  readonly index: number
  /** The table's bytes as text (UTF-8 where they are); `qemu-img snapshot` takes it. */
  readonly id: string
  readonly name: string
  readonly l1: L1Table
  /** Bytes of the guest's disk when it was taken. */
  readonly diskSize: number
  /** Bytes. */
  readonly vmStateSize: number
  /** Seconds since 1970, and nanoseconds. */
  readonly date: number
  readonly dateNanoseconds: number
  /** Nanoseconds the guest had run. */
  readonly vmClock: bigint
  /** Where its entry lies in the file, bytes. */
  readonly entryOffset: number
  readonly entryLength: number
  /** QEMU would use it, and it can hold what it says. False: see the findings at its entry. */
  readonly sound: boolean
}

export interface SnapshotTable {
  /** Bytes; 0 where there is none. */
  readonly offset: number
  /** Bytes of the entries that could be read. */
  readonly length: number
  readonly entries: readonly Snapshot[]
  /** As many entries as the header says, and all of them sound. */
  readonly complete: boolean
}

/** A run of clusters of the file that something other than tables and guest data owns. */
export interface OwnedRange {
  readonly kind: 'crypto-header' | 'bitmap-directory' | 'bitmap-table' | 'bitmap-data'
  readonly offset: number
  readonly length: number
  /** Name of the bitmap. */
  readonly bitmap?: string
}

/** Why QEMU would refuse the image, or a write to it. */
export interface Blocker {
  readonly code: string
  /** As QEMU 7.2 words it. */
  readonly message: string
  /** It can still be opened for reading. */
  readonly readable: boolean
}

/**
 * An image as far as it can be understood. Opening never fails for damage: what is wrong is in `findings`, and the
 * members hold what could be read, cut to what lies in the file.
 */
export interface Image {
  readonly source: BlockSource
  readonly header: Header
  readonly geometry: Geometry
  /** Bytes of the guest's disk, cut to what the L1 table limit of the format allows. */
  readonly virtualSize: number
  /** Bytes of the file. */
  readonly fileSize: number
  readonly activeL1: L1Table
  /** Bytes of the refcount table that lie in the file. */
  readonly refcountTable: { readonly offset: number; readonly length: number }
  readonly snapshots: SnapshotTable
  /** Clusters of the crypto header and of bitmaps, whose owners the check counts. */
  readonly owned: readonly OwnedRange[]
  readonly features: {
    readonly extendedL2: boolean
    readonly compression: 'zlib' | 'zstd'
    readonly externalData: boolean
    readonly encryption: 'none' | 'aes' | 'luks'
    readonly lazyRefcounts: boolean
  }
  /** As the image says them: text of a stranger. */
  readonly backingFile?: { readonly name: string; readonly format?: string }
  readonly dataFileName?: string
  /** The external data file, where the operator named it. */
  readonly dataFile?: BlockSource
  readonly findings: readonly Finding[]
  /** What QEMU would say before it looks at tables and refcounts. */
  readonly blockers: readonly Blocker[]
}
