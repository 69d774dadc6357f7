import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { readFully } from '../open-file.ts'
import { LONGEST_RECORD } from './format.ts'

/** A run of bytes of the target. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

/** What tells a target from other files without naming it. */
export interface Fingerprint {
  /** Decimal; may change when a machine starts anew (LVM, NFS), so it isn't insisted on. */
  readonly dev: string
  /** Decimal: inode numbers exceed 2^53. */
  readonly ino: string
  /** Length in bytes before the change. */
  readonly size: number
  /** The bytes that identify it, e.g. the part of a header that other writers leave alone. */
  readonly extents: readonly Extent[]
  /** sha256 of these bytes as they were before the change, hex. */
  readonly digest: string
}

/** The first 4 KiB: the header of about every format. */
const DEFAULT_EXTENT = 4096

/** Bytes of the target that the digest takes instead of what the file now has: the pre-images. */
export interface Overlay extends Extent {
  readonly bytes: Uint8Array
}

/** @param extents default: the first 4 KiB */
export function takeFingerprint(fd: number, extents?: readonly Extent[]): Fingerprint {
  const stats = fs.fstatSync(fd, { bigint: true })
  const size = Number(stats.size)
  const wanted = extents ?? [{ offset: 0, length: Math.min(DEFAULT_EXTENT, size) }]
  return { dev: `${stats.dev}`, ino: `${stats.ino}`, size, extents: wanted, digest: digestOf(fd, wanted, []) }
}

/**
 * sha256 of the extents as they were before a change: read from the file, the overlays laid over them. Read in pieces
 * of at most 1 MiB.
 */
export function digestOf(fd: number, extents: readonly Extent[], overlays: readonly Overlay[]): string {
  const hash = createHash('sha256')
  for (const { offset, length } of extents) {
    for (let done = 0; done < length; done += LONGEST_RECORD) {
      const piece = Buffer.alloc(Math.min(LONGEST_RECORD, length - done))
      readFully(fd, piece, offset + done)
      for (const overlay of overlays) lay(overlay, piece, offset + done)
      hash.update(piece)
    }
  }
  return hash.digest('hex')
}

function lay(overlay: Overlay, piece: Buffer, at: number): void {
  const from = Math.max(overlay.offset, at)
  const to = Math.min(overlay.offset + overlay.bytes.length, at + piece.length)
  if (from < to) piece.set(overlay.bytes.subarray(from - overlay.offset, to - overlay.offset), from - at)
}

export function overlaps(extent: Extent, offset: number, length: number): boolean {
  return extent.offset < offset + length && offset < extent.offset + extent.length
}
