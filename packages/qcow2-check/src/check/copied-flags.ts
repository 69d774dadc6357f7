import { COMPRESSED_HIGH, COPIED_HIGH, entryOffset } from '../format/index.ts'
import { EntryRuns } from './entry-runs.ts'
import { type L2References, REF_ACTIVE, REF_COPIED } from './l2-references.ts'
import type { WalkContext } from './walk-context.ts'

/**
 * COPIED in the active tables must say whether the refcount is 1 (as stored, not as it should be). They are read once
 * more, only where the comparison found a reason to.
 */
export async function checkCopied(
  context: WalkContext,
  references: L2References,
  stored: (cluster: number) => number,
): Promise<void> {
  const { image, tally, findings } = context
  const { l2Coverage, clusterSize } = image.geometry
  const runs = new EntryRuns(findings)
  runs.begin({
    offset: image.activeL1.offset,
    entrySize: 8,
    guest: 0,
    coverage: l2Coverage,
    snapshot: undefined,
  })
  /** Of a table that several L1 entries point to, how many do. */
  const active = new Map<number, { readonly at: number; times: number }>()
  for (let index = 0; index < references.indexes; index++) {
    for (let at = references.head(index); at >= 0; at = references.next[at] as number) {
      const flags = references.flags[at] as number
      if ((flags & REF_ACTIVE) === 0) continue
      const cluster = references.cluster[at] as number
      const known = active.get(cluster)
      if (known) known.times++
      else active.set(cluster, { at, times: 1 })
      const expected = stored(cluster) === 1
      if (expected === ((flags & REF_COPIED) !== 0)) continue
      tally.corruptions++
      runs.add('copied-flag', index, { table: 'l1', expected: expected ? 1 : 0 }, expected ? 1 : 0)
    }
  }
  runs.end()
  for (const [cluster, { at, times }] of active) {
    const guest = (references.l1Index[at] as number) * l2Coverage
    const before = tally.corruptions
    await checkTable(context, runs, cluster * clusterSize, guest, stored)
    tally.corruptions += (tally.corruptions - before) * (times - 1)
  }
}

async function checkTable(
  { image, reader, store, tally }: WalkContext,
  runs: EntryRuns,
  offset: number,
  guest: number,
  stored: (cluster: number) => number,
): Promise<void> {
  const { clusterSize, l2EntrySize, l2Entries } = image.geometry
  const { externalData, extendedL2 } = image.features
  const { io } = store.kernel
  const view = new DataView(io.buffer, io.byteOffset, io.byteLength)
  const piece = Math.min(io.length, clusterSize)
  runs.begin({ offset, entrySize: l2EntrySize, guest, coverage: clusterSize, snapshot: undefined })
  for (let first = 0; first < l2Entries; first += piece / l2EntrySize) {
    const pending = reader.fill(io.subarray(0, piece), offset + first * l2EntrySize)
    if (typeof pending !== 'boolean') await pending
    const turn = reader.breathe()
    if (turn) await turn
    for (let at = 0; at < piece; at += l2EntrySize) {
      const high = view.getUint32(at)
      const low = view.getUint32(at + 4)
      if ((high | low) === 0 || (high & COMPRESSED_HIGH) !== 0) continue
      const copied = (high & COPIED_HIGH) !== 0
      const host = entryOffset(high, low)
      if (host === 0 && !(externalData && copied && (extendedL2 || (low & 1) === 0))) continue
      const expected = externalData || stored(Math.floor(host / clusterSize)) === 1
      if (expected === copied) continue
      tally.corruptions++
      runs.add(
        'copied-flag',
        first + at / l2EntrySize,
        { table: 'l2', expected: expected ? 1 : 0 },
        expected ? 1 : 0,
      )
    }
  }
  runs.end()
}
