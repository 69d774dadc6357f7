import type { Finding } from '../findings/index.ts'
import type { DiskSelector, GuestSource } from '../mapping/index.ts'
import type { SnapshotEvidence } from '../recover/index.ts'
import type { BlockSource } from '../source/index.ts'
import type { LossRecord } from './lost-map.ts'

/** What rescued data becomes. */
export type RescueFormat = 'raw' | 'qcow2'

/** How far a rescue is. */
export interface RescueProgress {
  /** Bytes. */
  readonly done: number
  readonly total: number
}

/** What is rescued, and where to. */
export interface RescueOptions {
  /**
   * Where the data goes. With `raw` and all disks this is the active one; a snapshot goes to `OUTPUT.snapshot-ID`, an
   * orphan to `OUTPUT.orphan-N`.
   */
  readonly output: string
  readonly format: RescueFormat
  /** Default: the active disk. `all`: it, the snapshots, and the orphans among `snapshots`. */
  readonly disk?: DiskSelector | 'all'
  /** What a search for lost snapshots found. */
  readonly snapshots?: readonly SnapshotEvidence[]
  /** Those of a survey: what it calls lost is listed as lost, though the tables look sound. */
  readonly findings?: readonly Finding[]
  /** The backing file; its data is copied in. Without it these ranges are listed as `backing-not-read`. */
  readonly backing?: GuestSource
  /** Other files that the image needs: the output is none of them. */
  readonly members?: readonly BlockSource[]
  /** List of what is lost: JSON if it ends in `.json`, else a mapfile of GNU ddrescue. */
  readonly map?: string
  /** Replace existing output files. */
  readonly force?: boolean
  /** Only say what would be lost; data is not read. */
  readonly dryRun?: boolean
  /** As root, write in a folder that everybody can write to. */
  readonly allowUnsafeFolder?: boolean
  readonly onProgress?: (progress: RescueProgress) => void
  readonly signal?: AbortSignal
}

/** What became of one disk. */
export interface RescuedDisk {
  readonly kind: 'active' | 'snapshot' | 'orphan'
  readonly id?: string
  readonly name?: string
  /** `orphan:N`. */
  readonly orphan?: number
  /** The file it is in. */
  readonly output: string
  /** Bytes. */
  readonly size: number
  /** What is missing, ascending; it reads as zeros. */
  readonly lost: readonly LossRecord[]
  /** Bytes. */
  readonly lostBytes: number
  readonly notReadBytes: number
  /** The machine state is not in the output, or not all of it. */
  readonly vmStateLost: boolean
}

/** What was rescued, and what is missing. */
export interface RescueResult {
  readonly format: RescueFormat
  readonly disks: readonly RescuedDisk[]
  /** Snapshots of which nothing could be had, with the code of the reason. */
  readonly dropped: readonly { readonly id: string; readonly name: string; readonly reason: string }[]
  /** Nothing is lost, dropped, or not read. */
  readonly complete: boolean
}
