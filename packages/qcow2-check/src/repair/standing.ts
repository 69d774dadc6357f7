import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { decodeHeader } from '../format/index.ts'
import type { FileSource } from '../source/index.ts'

/** What of an image changes about as soon as anybody writes to it. */
export interface Standing {
  /** Times, size and a digest of its metadata. */
  readonly key: string
}

/** A run of the file, bytes. */
export interface Run {
  readonly offset: number
  readonly length: number
}

/** Of each run; a refcount table is at most 8 MiB, an L1 table at most 32. */
const LONGEST = 32 * 1024 * 1024

/** Where its header, refcount table and L1 table lie, as far as its header is one: some may be missing, none is wrong. */
export function metadataRuns(source: FileSource): Run[] {
  const beginning = new Uint8Array(512)
  source.read(beginning, 0)
  const { clusterBits, refcountTableOffset, refcountTableClusters, l1TableOffset, l1Size } =
    decodeHeader(beginning)
  const clusterSize = 2 ** Math.min(Math.max(clusterBits, 9), 21)
  const runs = [
    { offset: 0, length: clusterSize },
    { offset: Number(refcountTableOffset), length: refcountTableClusters * clusterSize },
    { offset: Number(l1TableOffset), length: l1Size * 8 },
  ]
  return runs
    .filter(({ offset, length }) => length > 0 && offset < source.size)
    .map(({ offset, length }) => ({ offset, length: Math.min(length, LONGEST, source.size - offset) }))
}

/**
 * A look to be compared with a later one. The file is opened anew: on NFS it is then that its client asks the server
 * whether the file has changed (close-to-open consistency).
 */
export function standingOf(fd: number, runs: readonly Run[]): Standing {
  const hash = createHash('sha256')
  const again = openSync(`/proc/self/fd/${fd}`, 'r')
  try {
    const { size, mtimeNs, ctimeNs } = fstatSync(again, { bigint: true })
    for (const { offset, length } of runs) {
      const bytes = Buffer.alloc(length)
      hash.update(bytes.subarray(0, readSync(again, bytes, 0, bytes.length, offset)))
    }
    return { key: `${size} ${mtimeNs} ${ctimeNs} ${hash.digest('hex')}` }
  } finally {
    closeSync(again)
  }
}
