import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { EXTENSION } from '../format/index.ts'
import { bitmapClusters } from './bitmap-clusters.ts'
import { mappingIsDamaged } from './hiding.ts'
import { readUnreferenced } from './leaked-content.ts'

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

/** Clusters of dead tables: those of a snapshot or two. */
const MOST_DEAD = 1024

/**
 * Whether what is still leaked is known to be no disk's: then it is asked for by name that it be pinned. Where a disk has
 * lost something, the image is not to be called consistent as long as nobody has looked: it is pinned only for who says so.
 *
 * @param damaged survey of the image before anything was planned
 * @param left survey of the overlay with everything else done
 */
export async function isNoDisks(damaged: Survey, left: Survey, signal?: AbortSignal): Promise<boolean> {
  if (mappingIsDamaged(damaged) || damaged.findings.some(({ code }) => LOSSES.has(code))) return false
  if (damaged.findings.some(({ code, repair }) => code === 'lost-l2' && repair.class === 'none')) return false
  let shared = false
  let raised = true
  for (const { first, stored, referenced } of left.differing()) {
    if (stored <= referenced) continue
    shared ||= referenced > 0
    // Where a refcount was lost, the repair itself has counted what holds something.
    raised &&= damaged.stored(first) === 0
  }
  if (raised) return true
  return !shared && ((await bitmapsAreLost(damaged)) || (await areDeadTables(left, signal)))
}

/**
 * Tables that account for nothing any more: what they point to has the references that it is counted for, or is free.
 * A deleted snapshot leaves such a one, where QEMU was killed before it freed that too.
 */
async function areDeadTables(left: Survey, signal: AbortSignal | undefined): Promise<boolean> {
  if (left.counts.leaks > MOST_DEAD) return false
  const { tables, targets, data, zero, incomplete } = await readUnreferenced(left, left.leaked, signal)
  if (incomplete || tables.length === 0 || data.size + zero.size > 0) return false
  const own = new Set(tables.map(({ cluster }) => cluster))
  for (const target of targets) if (left.stored(target) > 0 && !own.has(target)) return false
  return true
}

/** There were bitmaps, and not all of their clusters can be found any more. */
async function bitmapsAreLost({ image }: Survey): Promise<boolean> {
  const own = image.extensions.find(({ type }) => type === EXTENSION.bitmaps)
  return own !== undefined && !(await bitmapClusters(image, own.data)).whole
}
