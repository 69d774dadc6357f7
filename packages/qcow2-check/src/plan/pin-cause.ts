import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { EXTENSION } from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import { bitmapClusters } from './bitmap-clusters.ts'
import { mappingIsDamaged } from './hiding.ts'
import { readUnreferenced } from './leaked-content.ts'
import { oldSnapshotTables } from './old-snapshot-tables.ts'

/** An image on its way through a repair. */
export interface RepairStates {
  /** Before anything was planned. */
  readonly damaged: Survey
  /** With the refcounts that are still in the file, where what leads to them was lost. */
  readonly counted: Survey
  /** The overlay with everything else done. */
  readonly left: Survey
  /** Of what is lost there. */
  readonly evidence: Evidence | undefined
}

/** A disk of the guest has lost something, and it may be what is leaked. */
const LOSSES: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'snapshot-l1-lost',
  'snapshots-offset',
  'snapshots-count',
  'snapshot-entry',
  'snapshot-phantom',
  'l2-subclusters',
  'truncated',
  'header-lost',
])

/** What was lost is among what is leaked. */
const FOUND: ReadonlySet<FindingCode> = new Set<FindingCode>(['lost-l2', 'snapshot-orphan'])

/** Clusters of dead tables: those of a snapshot or two. */
const MOST_DEAD = 1024

/**
 * Whether what is still leaked is known to be no disk's: then it is asked for by name that it be pinned. Where a disk has
 * lost something, the image is not to be called consistent as long as nobody has looked: it is pinned only for who says so.
 */
export async function isNoDisks(
  { damaged, counted, left, evidence }: RepairStates,
  signal?: AbortSignal,
): Promise<boolean> {
  if (mappingIsDamaged(damaged) || damaged.findings.some(({ code }) => LOSSES.has(code))) return false
  if (damaged.findings.some(({ code, repair }) => code === 'lost-l2' && repair.class === 'none')) return false
  let shared = false
  let raised = true
  for (const { first, stored, referenced } of left.differing()) {
    if (stored <= referenced) continue
    shared ||= referenced > 0
    // Where a refcount was lost, the repair itself has counted what holds something.
    raised &&= counted.stored(first) === 0
  }
  // A table of zeros may be one that was lost, together with the refcounts that would tell.
  const isEmpty = left.counts.allocatedClusters === 0
  if (raised && !isEmpty && !left.findings.some(({ code }) => FOUND.has(code))) return true
  return !shared && ((await bitmapsAreLost(damaged)) || (await areDeadTables(left, evidence, signal)))
}

/**
 * Tables that account for nothing any more: what they point to has the references that it is counted for, or is free; and
 * snapshot tables of before. A deleted snapshot leaves such a one, where QEMU was killed before it freed that too.
 */
async function areDeadTables(
  left: Survey,
  evidence: Evidence | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (left.counts.leaks > MOST_DEAD) return false
  const { tables, targets, data, zero, incomplete } = await readUnreferenced(left, left.leaked, signal)
  if (incomplete || tables.length + data.size === 0 || zero.size > 0) return false
  const old = new Set(await oldSnapshotTables(left, evidence))
  for (const cluster of data) if (!old.has(cluster)) return false
  const own = new Set(tables.map(({ cluster }) => cluster))
  for (const target of targets) if (left.stored(target) > 0 && !own.has(target)) return false
  return true
}

/** There were bitmaps, and not all of their clusters can be found any more. */
async function bitmapsAreLost({ image }: Survey): Promise<boolean> {
  const own = image.extensions.find(({ type }) => type === EXTENSION.bitmaps)
  return own !== undefined && !(await bitmapClusters(image, own.data)).whole
}
