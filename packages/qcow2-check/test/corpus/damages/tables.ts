import type { Damage, Expectation } from '../damage.ts'
import type { Disk } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

type Table = Disk['l2'][number]

const onTable = (
  name: string,
  row: number,
  story: string,
  inflict: (work: Workpiece, table: Table, entry: number) => Expectation | undefined,
): Damage => ({
  name,
  row,
  story,
  inflict: (work) => {
    const table = work.active.l2[0]
    return table === undefined ? undefined : inflict(work, table, work.l1Entry(work.active, table.index))
  },
})

/** The file proves where the table is: it is linked again without being asked. */
const found = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'leaks'],
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: 'consistent',
})

/**
 * Several tables, or a place that is not near to any: what they share with a snapshot proves where they were. Of one that
 * shares nothing it is known only if one place is left.
 */
const foundBySharing = (work: Workpiece, ...findings: Expectation['findings']): Expectation => {
  const { active, snapshots, layout } = work
  const theirs = new Set(snapshots.flatMap((disk) => disk.mapped.map(({ host }) => host)))
  const entries = work.clusterSize / (work.healthy.shape.extendedL2 ? 16 : 8)
  const l2Coverage = entries * work.clusterSize
  const alone = active.l2.filter(({ index }) =>
    active.mapped.every(
      ({ guest, host, length }) =>
        Math.floor(guest / l2Coverage) !== index || length === 0 || !theirs.has(host),
    ),
  )
  const empty = Math.ceil(layout.virtualSize / l2Coverage) - active.l2.length
  const proven = alone.length === 0 || (alone.length === 1 && empty === 0)
  return proven ? found(...findings) : { ...found(...findings), allowed: ['consistent', 'corrupt', 'leaks'] }
}

/** The table is gone, the data is not. */
const lost = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'leaks'],
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: ['consistent', 'corrupt', 'leaks'],
  gone: [undefined],
})

const BAD_ENTRIES = ['l2-entry-reserved', 'l2-entry-unaligned', 'l2-entry-beyond-end'] as const

/** Rows 13 and 14: the active L1 table, its entries, and L2 tables. */
export const TABLE_DAMAGES: readonly Damage[] = [
  onTable('l1/entry-zeroed', 13, 'one entry of the active L1 table is zero', (work, _, entry) => {
    work.zero(entry, 8)
    return foundBySharing(work, 'lost-l2')
  }),
  onTable('l1/entry-flipped', 13, 'one bit of an L1 entry is flipped', (work, _, entry) => {
    work.change(entry, (value) => value ^ BigInt(8 * work.clusterSize))
    return found(['l1-entry-beyond-end', 'cross-link', 'lost-l2', ...BAD_ENTRIES])
  }),
  onTable('l1/entry-flipped-high', 13, 'a high bit of an L1 entry is flipped', (work, _, entry) => {
    work.change(entry, (value) => value ^ (1n << 45n))
    return found('l1-entry-beyond-end')
  }),
  onTable('l1/entry-garbage', 13, 'one entry of the active L1 table is garbage', (work, _, entry) => {
    work.garbage(entry, 8)
    return found(['l1-entry-reserved', 'l1-entry-unaligned', 'l1-entry-beyond-end'])
  }),
  onTable('l1/entry-unaligned', 13, 'an L1 entry points into the midst of a cluster', (work, _, entry) => {
    if (work.clusterSize === 512) return undefined
    work.change(entry, (value) => value + 512n)
    return found('l1-entry-unaligned')
  }),
  onTable('l1/entry-reserved', 13, 'reserved bits are set in an L1 entry', (work, _, entry) => {
    work.change(entry, (value) => value | (1n << 60n) | 1n)
    return found('l1-entry-reserved')
  }),
  onTable(
    'l1/entries-swapped',
    13,
    'two entries of the active L1 table are swapped',
    (work, table, entry) => {
      const other = work.active.l2.find((candidate) => candidate.index !== table.index)
      if (other === undefined) return undefined
      const there = work.l1Entry(work.active, other.index)
      const held = work.u64(entry)
      work.setU64(entry, work.u64(there))
      work.setU64(there, held)
      // Without a snapshot nothing in the file says which table is whose.
      const undetectable = work.snapshots.length === 0 && { undetectable: true as const }
      return { ...lost(), verdict: ['consistent', 'corrupt'], findings: [], ...undetectable }
    },
  ),
  onTable('l1/two-zeroed', 13, 'two entries of the active L1 table are zero', (work, table, entry) => {
    const other = work.active.l2.find((candidate) => candidate.index !== table.index)
    if (other === undefined) return undefined
    work.zero(entry, 8)
    work.zero(work.l1Entry(work.active, other.index), 8)
    return foundBySharing(work, 'lost-l2')
  }),
  onTable('l1/zeroed', 13, 'the active L1 table reads as zeros', (work) => {
    work.zero(work.active.l1.offset, work.active.l1.entries * 8)
    return foundBySharing(work, 'lost-l2')
  }),
  onTable('l1/garbage', 13, 'the active L1 table is overwritten', (work) => {
    work.garbage(work.active.l1.offset, Math.max(512, work.active.l1.entries * 8))
    return foundBySharing(work, ['l1-entry-reserved', 'l1-entry-unaligned', 'l1-entry-beyond-end'])
  }),
  onTable('l1/overwritten-text', 13, 'a log file was written over the active L1 table', (work) => {
    const length = Math.max(512, work.active.l1.entries * 8)
    work.bytes.write(
      'Nov 21 03:14:15 hv7 kernel: nfs: server not responding\n'.repeat(length),
      work.active.l1.offset,
      length,
      'latin1',
    )
    return foundBySharing(work, ['l1-entry-reserved', 'l1-entry-unaligned', 'l1-entry-beyond-end'])
  }),
  onTable('l2/zeroed', 14, 'an L2 table reads as zeros', (work, table) => {
    work.zero(table.offset, work.clusterSize)
    return lost(['lost-l2', 'leak', 'refcount-high'])
  }),
  onTable('l2/garbage', 14, 'an L2 table is overwritten', (work, table) => {
    work.garbage(table.offset, work.clusterSize)
    return lost(BAD_ENTRIES)
  }),
  onTable('l2/guest-data', 14, 'guest data of the same disk was written over an L2 table', (work, table) => {
    const data = work.dataOf(work.active)[0]
    if (data === undefined) return undefined
    work.copy(data.host, table.offset, work.clusterSize)
    return lost(BAD_ENTRIES)
  }),
  onTable('l2/sector-zeroed', 14, 'the first 512 bytes of an L2 table read as zeros', (work, table) => {
    work.zero(table.offset, 512)
    return lost(['lost-l2', 'leak', 'refcount-high'])
  }),
  onTable('l2/sector-garbage', 14, 'the first 512 bytes of an L2 table are overwritten', (work, table) => {
    work.garbage(table.offset, 512)
    return lost(BAD_ENTRIES)
  }),
  onTable(
    'l2/older',
    14,
    'an L2 table is that of the last snapshot: a write that never reached the disk',
    (work, table) => {
      const last = work.snapshots.at(-1)?.l2.find((candidate) => candidate.index === table.index)
      if (last === undefined || last.offset === table.offset) return undefined
      work.copy(last.offset, table.offset, work.clusterSize)
      return {
        ...lost(['copied-flag', 'refcount-low', 'leak', 'refcount-high']),
        verdict: ['corrupt', 'leaks'],
      }
    },
  ),
]
