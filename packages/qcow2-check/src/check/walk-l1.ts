import { COPIED_HIGH, entryOffset, L1_RESERVED_HIGH, L1_RESERVED_LOW } from '../format/index.ts'
import { SEEN_COPIED, SEEN_PLAIN, USE_ALONE, USE_CONFLICT } from './counters/cell.ts'
import { EntryRuns } from './entry-runs.ts'
import { L2References, REF_ACTIVE, REF_COPIED } from './l2-references.ts'
import { TooMuchWork } from './metadata-reader.ts'
import type { WalkContext } from './walk-context.ts'

/** Bytes of an L1 table that are read at once. */
const CHUNK = 65_536

/**
 * Steps over L1 entries of all tables. 65536 snapshots of 1 TiB have 2^27; overlapping tables in a few MiB can claim
 * 2^38.
 */
const MOST_STEPS = 2 ** 27
/** References to L2 tables, of which a sound image has as many as it has L2 tables. */
const MOST_REFERENCES = 2 ** 23

/** What of an L1 table can't be followed, by root: entries, and those of them that are not zero. */
export interface L1Health {
  entries: number
  used: number
  bad: number
}

/** Reads all L1 tables and counts the references to L2 tables. */
export async function walkL1(
  context: WalkContext,
): Promise<{ readonly references: L2References; readonly health: readonly L1Health[] }> {
  const { roots, store, tally } = context
  const references = new L2References(Math.max(0, ...roots.map(({ entries }) => entries)))
  const health: L1Health[] = []
  let steps = 0
  for (const [number, root] of roots.entries()) {
    const state = { entries: root.entries, used: 0, bad: 0 }
    health.push(state)
    // Two snapshots never share an L1 table.
    const use = root.weight > 1 ? USE_CONFLICT : USE_ALONE
    if (!context.counter.count(root.offset, root.entries * 8, root.weight, use))
      tally.corruptions += root.weight
    steps = await walkRoot(context, number, references, state, steps)
  }
  for (let at = 0; at < references.count; at++) {
    const flags = references.flags[at] as number
    const seen = (flags & REF_ACTIVE) === 0 ? 0 : (flags & REF_COPIED) === 0 ? SEEN_PLAIN : SEEN_COPIED
    store.cells.add(references.cluster[at] as number, references.weight[at] as number, USE_ALONE | seen)
    if ((at & 4095) === 0) store.settle()
  }
  return { references, health }
}

async function walkRoot(
  context: WalkContext,
  number: number,
  references: L2References,
  health: L1Health,
  before: number,
): Promise<number> {
  const { image, reader, findings, tally, counter } = context
  const { clusterSize, l2Coverage } = image.geometry
  const root = context.roots[number] as (typeof context.roots)[number]
  const bytes = new Uint8Array(Math.min(CHUNK, root.entries * 8))
  const view = new DataView(bytes.buffer)
  const runs = new EntryRuns(findings)
  const snapshot = root.active ? undefined : root.owners[0]
  runs.begin({ offset: root.offset, entrySize: 8, guest: 0, coverage: l2Coverage, snapshot })
  let steps = before
  const fileClusters = Math.ceil(image.fileSize / clusterSize)
  for (let first = 0; first < root.entries; first += CHUNK / 8) {
    const count = Math.min(CHUNK / 8, root.entries - first)
    const part = bytes.subarray(0, count * 8)
    const pending = reader.fill(part, root.offset + first * 8)
    if (typeof pending !== 'boolean') await pending
    await reader.breathe()
    let used = 0
    for (let index = 0; index < count; index++) {
      const high = view.getUint32(index * 8)
      const low = view.getUint32(index * 8 + 4)
      if ((high | low) === 0) continue
      used++
      const offset = entryOffset(high, low)
      const fields = () => ({ entry: (BigInt(high) << 32n) | BigInt(low), target: offset })
      if ((high & L1_RESERVED_HIGH) !== 0 || (low & L1_RESERVED_LOW) !== 0) {
        tally.corruptions += root.weight
        health.bad++
        runs.add('l1-entry-reserved', first + index, fields())
      }
      if (offset === 0) continue
      if (offset % clusterSize !== 0) {
        tally.corruptions += root.weight
        health.bad++
        runs.add('l1-entry-unaligned', first + index, fields())
        if (!counter.count(offset, clusterSize, root.weight, USE_ALONE)) tally.corruptions += root.weight
        continue
      }
      const cluster = offset / clusterSize
      if (cluster >= fileClusters) {
        tally.corruptions += root.weight
        health.bad++
        tally.beyondEnd++
        runs.add('l1-entry-beyond-end', first + index, fields())
        continue
      }
      const flags = root.active ? REF_ACTIVE | ((high & COPIED_HIGH) === 0 ? 0 : REF_COPIED) : 0
      steps += references.add(first + index, cluster, root.weight, flags, number)
    }
    if (used === 0) reader.sawZeros(count * 8)
    health.used += used
    steps += count
    if (steps > MOST_STEPS) throw new TooMuchWork('L1 tables of more entries than can be looked at')
    if (references.count > MOST_REFERENCES) throw new TooMuchWork('more references to L2 tables than tables')
  }
  runs.end()
  return steps
}
