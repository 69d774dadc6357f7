import type { CheckCounts, Verdict } from '../check/index.ts'
import type { FindingCode } from '../findings/index.ts'
import type { Blocker } from '../image/index.ts'

/** How folders are scanned. */
export interface ScanOptions {
  /** Images looked at at the same time, 1 to 1024. Default 4: it helps where the storage is slow. */
  readonly jobs?: number
  /** Patterns on the path below the folder, or on the name; default: whatever begins as QCOW2, and `*.qcow2`. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Milliseconds that one image may take. */
  readonly budget?: number
  /** One of N equal parts of the images, by their paths below the folders: `index` from 0 to `count` - 1. */
  readonly shard?: { readonly index: number; readonly count: number }
  /** A file that remembers results, so that images which did not change since aren't looked at again. */
  readonly state?: string | Buffer
  /** As for `open`. */
  readonly chain?: boolean
  readonly allowPaths?: readonly (string | Buffer)[]
  /** For images with an external data file. */
  readonly dataFile?: string | Buffer
  readonly signal?: AbortSignal
  /** Told of each result as it comes. */
  readonly onResult?: (result: ScanResult) => void
}

/** `failed`: it could not be looked at; see `error`. */
export type ScanVerdict = Verdict | 'not-qcow2' | 'failed'

/** What a scan says of one image. */
export interface ScanResult {
  /** As the folder was named, and the path below it; a Buffer where it is no UTF-8. */
  readonly path: string | Buffer
  readonly verdict: ScanVerdict
  /** Bytes of the file. */
  readonly size: number
  readonly error?: { readonly code: string; readonly message: string }
  /** What an image that could be looked at holds. */
  readonly image?: ScannedImage
  /** Milliseconds it took. */
  readonly milliseconds: number
  /** The result of an earlier run; the file did not change since. */
  readonly remembered: boolean
}

/** What a scan says of an image that could be looked at. */
export interface ScannedImage {
  readonly counts: CheckCounts
  /** Bytes of a cluster. */
  readonly clusterSize: number
  /** Bytes of the guest's disk. */
  readonly virtualSize: number
  readonly blockers: readonly Blocker[]
  readonly hasBackingFile: boolean
  readonly dirty: boolean
  readonly corruptBit: boolean
  readonly snapshots: { readonly listed: number; readonly sound: number }
  /** How often each code was found. */
  readonly codes: Readonly<Partial<Record<FindingCode, number>>>
  /** Who uses it: then the verdict is a hint. */
  readonly inUse?: string
}

/** Images by verdict. */
export type ScanTotals = Readonly<Record<ScanVerdict, number>> & { readonly images: number }
