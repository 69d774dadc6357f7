import { readFileSync, writeFileSync } from 'node:fs'
import { qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import type { Healthy } from './healthy.ts'
import { layoutOf } from './layout.ts'

/** An image before and after `qemu-img snapshot -c`, and the clusters that differ, by what they are. */
export interface NextSnapshot {
  readonly id: string
  readonly before: Buffer
  readonly after: Buffer
  readonly header: readonly number[]
  readonly refcounts: readonly number[]
  readonly l1: readonly number[]
  readonly l2: readonly number[]
  readonly oldTable: readonly number[]
  readonly snapshotL1: readonly number[]
  readonly newTable: readonly number[]
}

const made = new WeakMap<Healthy, NextSnapshot>()

export function nextSnapshotOf(healthy: Healthy): NextSnapshot {
  const known = made.get(healthy)
  if (known) return known
  using scratch = new Scratch('qcow2-next')
  const path = scratch.file('image.qcow2')
  writeFileSync(path, healthy.bytes)
  for (const [name, bytes] of healthy.companions) writeFileSync(scratch.file(name), bytes)
  qemuImg(['snapshot', '-q', '-c', 'next', path], scratch.path)
  const next = compare(healthy, readFileSync(path))
  made.set(healthy, next)
  return next
}

function compare({ layout, bytes: before }: Healthy, after: Buffer): NextSnapshot {
  const { clusterSize } = layout
  const now = layoutOf(after)
  const fresh = now.disks.at(-1)
  if (fresh?.id === undefined) throw new Error('no snapshot was made')
  const clusters = (offset: number, length: number): number[] => {
    const first = Math.floor(offset / clusterSize)
    const end = Math.ceil((offset + length) / clusterSize)
    return Array.from({ length: end - first }, (_, at) => first + at)
  }
  const changed = (cluster: number): boolean => {
    const [from, to] = [cluster * clusterSize, (cluster + 1) * clusterSize]
    return !before.subarray(from, to).equals(after.subarray(from, to))
  }
  const active = layout.disks[0]
  if (active === undefined) throw new Error('no active disk')
  const refcountBlocks = now.refcountBlocks.filter((offset) => offset > 0)
  return {
    id: fresh.id,
    before,
    after,
    header: [0],
    refcounts: [
      ...clusters(now.refcountTable.offset, now.refcountTable.clusters * clusterSize),
      ...refcountBlocks.flatMap((offset) => clusters(offset, clusterSize)),
    ].filter(changed),
    l1: clusters(active.l1.offset, active.l1.entries * 8).filter(changed),
    l2: active.l2.flatMap(({ offset }) => clusters(offset, clusterSize)).filter(changed),
    oldTable: layout.snapshotTable.offset
      ? clusters(layout.snapshotTable.offset, layout.snapshotTable.length).filter(changed)
      : [],
    snapshotL1: clusters(fresh.l1.offset, fresh.l1.entries * 8),
    newTable: clusters(now.snapshotTable.offset, now.snapshotTable.length),
  }
}
