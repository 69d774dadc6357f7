import type { Healthy } from './healthy.ts'
import { type NextSnapshot, nextSnapshotOf } from './next-snapshot.ts'

/** The seven places that `qemu-img snapshot -c` changes. */
export const ROLES = ['header', 'refcounts', 'l1', 'l2', 'oldTable', 'snapshotL1', 'newTable'] as const
export type Role = (typeof ROLES)[number]

export interface CrashState {
  /** Which of the places reached the disk. */
  readonly written: readonly Role[]
  readonly bytes: Buffer
}

/**
 * Every state that storage can be left in which writes those places in any order, or forgets some: an NFS server that
 * dies, a cache without a battery. With writes in order only a few of them occur.
 */
export function crashStates(healthy: Healthy): readonly CrashState[] {
  const next = nextSnapshotOf(healthy)
  return Array.from({ length: 2 ** ROLES.length }, (_, subset) => {
    const written = ROLES.filter((_, bit) => subset & (1 << bit))
    return { written, bytes: mixed(next, written, healthy.layout.clusterSize) }
  })
}

function mixed(next: NextSnapshot, written: readonly Role[], clusterSize: number): Buffer {
  const clusters = written.flatMap((role) => next[role])
  const end = Math.max(0, ...clusters) + 1
  const bytes = Buffer.alloc(Math.max(next.before.length, Math.min(end * clusterSize, next.after.length)))
  next.before.copy(bytes)
  for (const cluster of clusters) {
    const at = cluster * clusterSize
    next.after.subarray(at, at + clusterSize).copy(bytes, at)
  }
  return bytes
}
