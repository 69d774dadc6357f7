import type { Damage, Expectation } from '../damage.ts'
import type { Disk } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

/** That snapshot can't come back whole unless something else in the file says what its table held. */
const lost = (disk: Disk, ...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'leaks'],
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: ['consistent', 'leaks'],
  gone: [disk.id],
})

const onSnapshot = (
  name: string,
  story: string,
  inflict: (work: Workpiece, first: Disk, last: Disk) => Expectation | undefined,
): Damage => ({
  name: `snapshot-l1/${name}`,
  row: 7,
  story,
  inflict: (work) => {
    const [first, last] = [work.snapshots[0], work.snapshots.at(-1)]
    return first && last && last.l2.length > 0 ? inflict(work, first, last) : undefined
  },
})

/** Row 7: the L1 table of a snapshot. */
export const SNAPSHOT_L1_DAMAGES: readonly Damage[] = [
  onSnapshot('zeroed-last', 'the L1 table of the newest snapshot reads as zeros', (work, _, last) => {
    work.zero(last.l1.offset, last.l1.entries * 8)
    return lost(last, 'snapshot-l1-lost')
  }),
  onSnapshot('zeroed-first', 'the L1 table of the oldest snapshot reads as zeros', (work, first) => {
    work.zero(first.l1.offset, first.l1.entries * 8)
    return lost(first, 'snapshot-l1-lost')
  }),
  onSnapshot('garbage', 'the L1 table of the newest snapshot is overwritten', (work, _, last) => {
    work.garbage(last.l1.offset, Math.max(512, last.l1.entries * 8))
    return lost(last, ['snapshot-l1-lost', 'l1-entry-reserved', 'l1-entry-unaligned', 'l1-entry-beyond-end'])
  }),
  onSnapshot('entry-zeroed', 'one entry of the L1 table of the newest snapshot is zero', (work, _, last) => {
    if (last.l2.length < 2) return undefined
    work.zero(work.l1Entry(last, last.l2[1]?.index as number), 8)
    return lost(last, ['lost-l2', 'leak', 'refcount-high'])
  }),
  onSnapshot('entry-flipped', 'one bit of an entry is flipped', (work, _, last) => {
    const index = last.l2[0]?.index as number
    work.change(work.l1Entry(last, index), (entry) => entry ^ BigInt(4 * work.clusterSize))
    return lost(last, [
      'snapshot-l1-lost',
      'cross-link',
      'l1-entry-beyond-end',
      'l2-entry-reserved',
      'l2-entry-unaligned',
      'l2-entry-beyond-end',
      'lost-l2',
      'leak',
    ])
  }),
  onSnapshot('entry-reserved', 'a reserved bit is set in an entry', (work, _, last) => {
    work.change(work.l1Entry(last, last.l2[0]?.index as number), (entry) => entry | 0x10n)
    return {
      findings: ['l1-entry-reserved'],
      verdict: 'corrupt',
      safe: ['consistent', 'corrupt'],
      allowed: 'consistent',
    }
  }),
  onSnapshot('all-zeroed', 'the L1 tables of all snapshots read as zeros', (work) => {
    for (const disk of work.snapshots) work.zero(disk.l1.offset, disk.l1.entries * 8)
    return {
      findings: ['snapshot-l1-lost'],
      verdict: ['corrupt', 'leaks'],
      safe: ['consistent', 'corrupt', 'leaks'],
      allowed: ['consistent', 'leaks'],
      gone: work.snapshots.map((disk) => disk.id),
    }
  }),
  onSnapshot('l2-zeroed', 'an L2 table that only the oldest snapshot has reads as zeros', (work, first) => {
    const others = new Set(
      work.layout.disks.filter((d) => d !== first).flatMap((d) => d.l2.map((t) => t.offset)),
    )
    const table = first.l2.find((candidate) => !others.has(candidate.offset))
    if (table === undefined) return undefined
    work.zero(table.offset, work.clusterSize)
    return lost(first, ['lost-l2', 'leak', 'refcount-high'])
  }),
]
