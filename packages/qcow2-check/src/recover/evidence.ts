import type { ClusterRange } from '../check/survey.ts'
import type { GuestRange } from '../findings/index.ts'
import type { Header } from '../format/header.ts'
import type { L1Table } from '../image/image.ts'

/**
 * Why a snapshot is believed to be whole.
 *
 * `refcounts`: with all living snapshots as owners, the references of every cluster that this one reaches are what the
 * refcount blocks say; the strongest there is, as nothing but that snapshot explains those counts. `no-contradiction`:
 * no cluster it reaches is claimed more often than its refcount says, but some less often, for which another damage may
 * account. `tables`: the image lists it, and its tables are counted as they should be; refcounts of some data are too low,
 * which changes no byte of it. `as-active`: its L1 table names the L2 tables of the active disk, so it reads as the active disk does.
 * `structure`: its tables parse, and refcounts say nothing. `contradicted`: the refcounts speak against it.
 * `unreadable`: its L1 table is none.
 */
export type SnapshotProof =
  | { readonly kind: 'refcounts'; readonly clusters: number }
  | { readonly kind: 'no-contradiction'; readonly clusters: number; readonly fewer: number }
  | { readonly kind: 'tables'; readonly clusters: number; readonly more: number }
  | { readonly kind: 'as-active' }
  | { readonly kind: 'structure' }
  | {
      readonly kind: 'contradicted'
      readonly clusters: number
      readonly more: number
      readonly dead: boolean
    }
  | { readonly kind: 'unreadable' }

/** An entry of a snapshot table, wherever in the file it was found. */
export interface CarvedEntry {
  /** Where it starts in the file, and its length with padding, bytes. */
  readonly offset: number
  readonly length: number
  readonly l1: L1Table
  readonly id: string
  readonly name: string
  /** Bytes; undefined where the entry has no extra data for it (version 2). */
  readonly diskSize: number | undefined
  readonly vmStateSize: number
  /** Seconds since 1970, and nanoseconds. */
  readonly date: number
  readonly dateNanoseconds: number
  /** Nanoseconds the guest had run. */
  readonly vmClock: bigint
  /** The entry as it stands in the file, to be copied; or as it must have been. */
  readonly bytes: Uint8Array
  /** Some of its fields were wrong and were put right: where its L1 table is, or its lengths. */
  readonly mended?: true
}

/** A snapshot that the file holds, or seems to; one for each L1 table. */
export interface SnapshotEvidence {
  readonly l1: L1Table
  /** What is known of its name; absent where no entry was found that names this L1 table. */
  readonly entry?: CarvedEntry
  /** The table that the header names lists it. */
  readonly listed: boolean
  /** `orphan:N` of the command line, from 1; of snapshots that are not listed. */
  readonly orphan?: number
  /** Bytes of the guest's disk when it was taken; of the active disk where no entry says it. */
  readonly diskSize: number
  readonly proof: SnapshotProof
  /** It may be listed: its guest bytes are what they were. */
  readonly certain: boolean
  /** Its L1 table as it must have been, where what stands there is none; to be written before it is listed. */
  readonly rebuiltL1?: RebuiltL1
}

/** What a lost L1 table must have held. */
export interface RebuiltL1 {
  readonly offset: number
  /** The whole table, `entries * 8` bytes. */
  readonly bytes: Uint8Array
  /** Entries taken over from the active L1 table, and from L2 tables that only this snapshot still uses. */
  readonly proof: {
    readonly kind: 'refcounts'
    readonly fromActive: number
    readonly fromOrphans: number
    readonly clusters: number
  }
  readonly certain: boolean
}

/** A snapshot table, or a part of one, somewhere in the file. */
export interface TableEvidence {
  readonly offset: number
  /** Bytes up to the end of its last entry. */
  readonly length: number
  readonly entries: readonly CarvedEntry[]
  /** The one that the header names. */
  readonly current: boolean
  /** It starts at a cluster, as a whole table does; false where its first entries are overwritten. */
  readonly whole: boolean
  /**
   * `exact`: it lists every living snapshot and no other; the header may point to it. `lacks`: living snapshots that it
   * does not list; `dead`: entries whose L1 table is freed or is none.
   */
  readonly proof: { readonly kind: 'exact' | 'partial'; readonly lacks: number; readonly dead: number }
  readonly certain: boolean
}

/** A table entry (L1 or L2) that is wrong, and what it must have been. */
export interface EntryRepair {
  readonly table: 'l1' | 'l2'
  /** Where the entry lies in the file, bytes. */
  readonly entryOffset: number
  readonly before: bigint
  /** With the COPIED flag as the refcount wants it. */
  readonly after: bigint
  readonly guest: GuestRange
  /** Ids of the snapshots that see it; undefined stands for the active disk. */
  readonly snapshots: readonly (string | undefined)[]
  /**
   * `only-fit`: the one wrong entry and the one orphan that has its shape; `near`: its offset differs from the orphan's
   * in one or two bits; `shared`: the orphan shares data clusters with other disks at just these guest offsets;
   * `low-bits`: without its lowest bits the offset is that of a leaked cluster; `nothing-lost`: everything in the file is accounted for, so that it named nothing.
   */
  readonly proof: {
    readonly kind: 'only-fit' | 'near' | 'shared' | 'low-bits' | 'nothing-lost'
    /** Differing bits, of `near`. */
    readonly bits?: number
    /** Leaked clusters that it explains, the orphan included. */
    readonly clusters: number
    /** Orphans and entries that could have been meant. */
    readonly candidates: number
  }
  readonly certain: boolean
}

/** An L2 table that nothing names. */
export interface OrphanL2 {
  readonly offset: number
  /** Entries with a data cluster. */
  readonly mapped: number
  /** Clusters that are leaked and that this table explains, itself included. */
  readonly leaked: number
  /** L1 indexes where it would lie by data clusters it shares with other disks, ascending. */
  readonly windows: readonly number[]
  readonly proof: { readonly kind: 'refcounts' | 'shape'; readonly clusters: number }
  readonly certain: boolean
}

/** Leaked data that no L2 table in the file maps: an L2 table was overwritten. For a report; it proves no order. */
export interface LostWindow {
  /** Where in the guest's disk it was, if the file tells; the window of one L2 table. */
  readonly guest?: GuestRange
  readonly ranges: readonly ClusterRange[]
  readonly clusters: number
  /** `hole`: one window of the disk is unmapped and the neighbours in the file belong to its neighbours. */
  readonly proof: { readonly kind: 'hole' | 'neighbours' | 'none' }
  readonly certain: false
}

/** A snapshot was being made: every cluster of the active disk has one reference too many, and nothing else has. */
export interface InFlightSnapshot {
  readonly clusters: number
  readonly proof: { readonly kind: 'refcounts' }
  readonly certain: boolean
}

/** A field of the header, and where its value comes from. */
export interface HeaderField {
  readonly name: keyof Header
  readonly value: number | bigint
  /** `kept`: it stands in the file and fits; `carved`: the file holds the structure; `derived`: follows from others; `template`; `guessed`. */
  readonly from: 'kept' | 'carved' | 'derived' | 'template' | 'guessed'
}

/** A header for an image whose own is gone or wrong. */
export interface HeaderEvidence {
  readonly header: Header
  /** For offset 0; header and extensions, shorter than a cluster. */
  readonly bytes: Uint8Array
  readonly fields: readonly HeaderField[]
  readonly proof: {
    readonly kind: 'refcounts' | 'structure'
    /** Clusters that are referenced as often as the refcount blocks say, and those that aren't. */
    readonly agree: number
    readonly differ: number
  }
  /** Every field is proven; false at least where the virtual size is rounded up to what the L1 table maps. */
  readonly certain: boolean
}

/** What the file still knows about what is lost in it. Everything in the order of the file if nothing else is said. */
export interface Evidence {
  /** Every snapshot, listed or not. */
  readonly snapshots: readonly SnapshotEvidence[]
  /** Best first. */
  readonly tables: readonly TableEvidence[]
  readonly entryRepairs: readonly EntryRepair[]
  readonly orphanL2s: readonly OrphanL2[]
  readonly lostWindows: readonly LostWindow[]
  readonly inFlight?: InFlightSnapshot
  /** The search stopped at a bound, so that there may be more. */
  readonly truncated: boolean
}
