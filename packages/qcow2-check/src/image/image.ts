import type { Finding, FindingCode } from '../findings/index.ts'
import type { Geometry, Header, HeaderExtension, LuksHeader } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'

/** An L1 table as something points to it, cut to what the file can hold. */
export interface L1Table {
  /** Bytes; 0 where there is none. */
  readonly offset: number
  /** Entries that lie in the file and can be believed; beyond them everything is unallocated. */
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
  /** Bytes of the guest's disk when it was taken; that of the active disk where the entry doesn't say it. */
  readonly diskSize: number
  /** The entry says the size of the disk itself. */
  readonly tellsDiskSize: boolean
  /** Bytes. */
  readonly vmStateSize: number
  /** Seconds since 1970, and nanoseconds. */
  readonly date: number
  readonly dateNanoseconds: number
  /** Nanoseconds the guest had run. */
  readonly vmClock: bigint
  /** Instructions the guest had executed; only where QEMU recorded it. */
  readonly icount?: bigint
  /** Where its entry lies in the file, bytes. */
  readonly entryOffset: number
  readonly entryLength: number
  /** QEMU would use it, and it can hold what it says. False: see the findings at its entry. */
  readonly sound: boolean
  /** Codes of the findings at its entry; some of them leave it sound. */
  readonly faults: readonly FindingCode[]
}

/** The table that the header names, as far as it can be read. */
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
  readonly kind: 'crypto-header' | 'bitmap-directory' | 'bitmap-table' | 'bitmap-data' | 'pinned'
  readonly offset: number
  readonly length: number
  /** Name of the bitmap. `pinned`: it holds what nothing maps any more, and is no bitmap but by its shape. */
  readonly bitmap?: string
}

/** A persistent dirty bitmap: which parts of the disk were written since a backup. */
export interface Bitmap {
  readonly name: string
  /** Bytes of the disk that one bit stands for. */
  readonly granularity: number
  /** QEMU didn't get to write it back: its contents are stale. */
  readonly inUse: boolean
  /** Recording goes on when the image is opened. */
  readonly auto: boolean
}

/** Why QEMU would refuse the image, or a write to it. */
export interface Blocker {
  readonly code: FindingCode
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
  /** As it stands in the file, but for a version that is unknown: there it is the one that the rest of it fits. */
  readonly header: Header
  /** Bytes; that of the header where it can be, else what QEMU writes. */
  readonly headerLength: number
  /** In the order of the file, unknown ones among them. */
  readonly extensions: readonly HeaderExtension[]
  readonly geometry: Geometry
  /** Bytes of the guest's disk, whole sectors, cut to what an L1 table can map. */
  readonly virtualSize: number
  /** Bytes of the file. */
  readonly fileSize: number
  readonly activeL1: L1Table
  /** Bytes of the refcount table that lie in the file. */
  readonly refcountTable: { readonly offset: number; readonly length: number }
  readonly snapshots: SnapshotTable
  /** Clusters of the crypto header and of bitmaps, whose owners the check counts. */
  readonly owned: readonly OwnedRange[]
  /** Those that QEMU would know: none, once something that knows no bitmaps wrote to the image. */
  readonly bitmaps: readonly Bitmap[]
  /** Of an image encrypted with LUKS, where it could be read; without any key. */
  readonly luks?: LuksHeader
  readonly features: {
    readonly extendedL2: boolean
    readonly compression: 'zlib' | 'zstd'
    readonly externalData: boolean
    /** The external data file is a plain raw image too: guest offsets are its offsets. */
    readonly rawExternal: boolean
    readonly encryption: 'none' | 'aes' | 'luks'
    readonly lazyRefcounts: boolean
  }
  /** As the image says them: text of a stranger. */
  readonly backingFile?: {
    readonly name: string
    /** The name as it stands there; a path need not be UTF-8. */
    readonly bytes: Uint8Array
    readonly format?: string
  }
  readonly dataFileName?: string
  /** The external data file, where the operator named it. */
  readonly dataFile?: BlockSource
  readonly findings: readonly Finding[]
  /**
   * What QEMU 7.2 says before it looks at L2 tables and refcounts, in its order: it says the first. It opens the image
   * for reading if all are readable, for writing if there are none. Not among them: a key that is wanted (LUKS), and
   * other files that are missing (chain/).
   */
  readonly blockers: readonly Blocker[]
}
