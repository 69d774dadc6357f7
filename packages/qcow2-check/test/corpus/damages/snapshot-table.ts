import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const COUNT = 60
const OFFSET = 64

/** All snapshots come back, with nothing asked. */
const comesBack = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: 'corrupt',
  safe: 'consistent',
})

const onSnapshots = (
  name: string,
  row: number,
  story: string,
  inflict: (work: Workpiece) => Expectation | undefined,
): Damage => ({
  name: `snapshot-table/${name}`,
  row,
  story,
  inflict: (work) => (work.snapshots.length === 0 ? undefined : inflict(work)),
})

const lastEntry = (work: Workpiece) => work.snapshots.at(-1)?.entry as { offset: number; length: number }
const firstEntry = (work: Workpiece) => work.snapshots[0]?.entry as { offset: number; length: number }

/** Rows 8, 9 and 10: the pointer to the snapshot table, its count, its entries, and the table itself. */
export const SNAPSHOT_TABLE_DAMAGES: readonly Damage[] = [
  onSnapshots('count-one-more', 8, 'the header counts a snapshot that is not there', (work) => {
    work.setU32(COUNT, work.snapshots.length + 1)
    return comesBack(['snapshots-count', 'snapshot-entry', 'snapshot-phantom'])
  }),
  onSnapshots('count-huge', 8, 'the header counts 0x41414141 snapshots', (work) => {
    work.setU32(COUNT, 0x41414141)
    return comesBack(['snapshots-count', 'snapshot-phantom'])
  }),
  onSnapshots('count-most', 8, 'the header counts 65536 snapshots, as many as QEMU allows', (work) => {
    work.setU32(COUNT, 65536)
    return comesBack(['snapshots-count', 'snapshot-phantom', 'snapshot-entry'])
  }),
  onSnapshots('count-one-less', 8, 'the header counts one snapshot less', (work) => {
    work.setU32(COUNT, work.snapshots.length - 1)
    return {
      findings: ['snapshot-orphan'],
      verdict: ['leaks', 'corrupt'],
      safe: ['consistent', 'leaks', 'corrupt'],
      allowed: 'consistent',
    }
  }),
  onSnapshots(
    'pointer-zeroed',
    9,
    'bytes 60 to 71 of the header were zeroed: the recipe of the forums',
    (work) => {
      work.zero(COUNT, 12)
      return {
        findings: ['snapshot-orphan'],
        verdict: ['leaks', 'corrupt'],
        safe: ['consistent', 'leaks', 'corrupt'],
        allowed: 'consistent',
      }
    },
  ),
  onSnapshots('offset-unaligned', 9, 'the offset of the table is not a multiple of 512', (work) => {
    work.setU64(OFFSET, work.layout.snapshotTable.offset + 8)
    return comesBack('snapshots-offset')
  }),
  onSnapshots('offset-beyond-end', 9, 'the offset of the table lies beyond the end', (work) => {
    work.setU64(OFFSET, work.layout.snapshotTable.offset + 2 ** 40)
    return comesBack('snapshots-offset')
  }),
  onSnapshots('offset-flipped', 9, 'one bit of the offset of the table is flipped', (work) => {
    work.change(OFFSET, (offset) => offset ^ BigInt(2 * work.clusterSize))
    return comesBack(['snapshots-offset', 'snapshot-table-overwritten', 'snapshot-entry', 'snapshot-phantom'])
  }),
  onSnapshots('offset-zero', 9, 'there are snapshots, but their table has no offset', (work) => {
    work.setU64(OFFSET, 0)
    return comesBack(['snapshots-offset', 'snapshot-table-overwritten', 'snapshot-entry', 'snapshot-phantom'])
  }),
  onSnapshots('offset-all-ones', 9, 'the offset of the table is 2^64-1', (work) => {
    work.setU64(OFFSET, -1n)
    return comesBack('snapshots-offset')
  }),
  onSnapshots('offset-to-data', 9, 'the offset of the table is that of guest data', (work) => {
    const data = work.dataOf(work.active)[0]
    if (data === undefined) return undefined
    work.setU64(OFFSET, data.host)
    return comesBack(['snapshots-offset', 'snapshot-table-overwritten', 'snapshot-extra-data', 'cross-link'])
  }),
  onSnapshots('zeroed', 10, 'the table reads as zeros', (work) => {
    work.zero(work.layout.snapshotTable.offset, work.layout.snapshotTable.length)
    return comesBack(['snapshot-table-overwritten', 'snapshot-phantom', 'snapshot-entry'])
  }),
  onSnapshots(
    'overwritten',
    10,
    'a writer put its data over the table, which its L2 table now maps',
    (work) => {
      const { offset, length } = work.layout.snapshotTable
      const data = work.onlyIn(work.active)[0]
      if (data === undefined || length > work.clusterSize || data.length === 0) return undefined
      // With LUKS a copy of the bytes of another place is no data of the guest's: their place is in their key.
      if (work.healthy.shape.encryption === 'luks') return undefined
      // The file may end within the table, and the data must not.
      if (offset + work.clusterSize > work.bytes.length) work.append()
      work.copy(data.host, offset, work.clusterSize)
      work.setRefcount(data.host, 0)
      work.change(data.entry, () => BigInt(offset) | (1n << 63n))
      return comesBack([
        'snapshot-table-overwritten',
        'snapshot-extra-data',
        'snapshot-phantom',
        'cross-link',
      ])
    },
  ),
  onSnapshots('overwritten-c3', 10, 'the table is full of 0xc3', (work) => {
    const { offset, length } = work.layout.snapshotTable
    work.fill(offset, Math.ceil(length / 512) * 512, 0xc3)
    return comesBack(['snapshot-table-overwritten', 'snapshot-extra-data', 'snapshot-entry'])
  }),
  onSnapshots('overwritten-head', 10, 'the first 24 bytes of the table are overwritten', (work) => {
    work.garbage(work.layout.snapshotTable.offset, 24)
    return comesBack([
      'snapshot-table-overwritten',
      'snapshot-l1-offset',
      'snapshot-entry',
      'snapshot-extra-data',
    ])
  }),
  onSnapshots('overwritten-tail', 10, 'the second half of the table is overwritten', (work) => {
    const { offset, length } = work.layout.snapshotTable
    const from = offset + Math.ceil(length / 16) * 8
    work.garbage(from, offset + length - from)
    return comesBack([
      'snapshot-table-overwritten',
      'snapshot-l1-offset',
      'snapshot-entry',
      'snapshot-extra-data',
      'snapshot-l1-size',
      'snapshots-count',
    ])
  }),
  onSnapshots('torn-last', 8, 'the last entry ends after 40 bytes; what follows is zeros', (work) => {
    const { offset, length } = lastEntry(work)
    work.zero(offset + 40, length - 40)
    return comesBack(['snapshot-entry', 'snapshot-phantom', 'snapshot-extra-data', 'snapshots-count'])
  }),
  onSnapshots('torn-start', 8, 'the last entry was not written, only its id and name', (work) => {
    work.zero(lastEntry(work).offset, 40)
    return comesBack(['snapshot-entry', 'snapshot-phantom', 'snapshot-l1-offset', 'snapshots-count'])
  }),
  onSnapshots(
    'extra-huge',
    8,
    'the first entry has 2 GiB of extra data: "Too much extra metadata"',
    (work) => {
      work.setU32(firstEntry(work).offset + 36, 0x80000000)
      return comesBack(['snapshot-extra-data', 'snapshot-table-overwritten', 'snapshot-entry'])
    },
  ),
  onSnapshots('extra-none', 8, 'the last entry claims to have no extra data', (work) => {
    if (work.layout.version === 2) return undefined
    work.setU32(lastEntry(work).offset + 36, 0)
    return comesBack(['snapshot-entry', 'snapshot-extra-data'])
  }),
  onSnapshots('l1-unaligned', 8, 'an entry points into the midst of a cluster', (work) => {
    work.change(lastEntry(work).offset, (offset) => offset + 8n)
    return comesBack('snapshot-l1-offset')
  }),
  onSnapshots('l1-beyond-end', 8, 'an entry points beyond the end', (work) => {
    work.change(lastEntry(work).offset, (offset) => offset + (1n << 44n))
    return comesBack('snapshot-l1-offset')
  }),
  onSnapshots('l1-flipped', 8, 'one bit of the offset of an L1 table is flipped', (work) => {
    work.change(lastEntry(work).offset, (offset) => offset ^ BigInt(work.clusterSize))
    // Where another table is, the snapshot reads something: it takes consent to let it read what it held.
    return {
      ...comesBack([
        'snapshot-l1-offset',
        'snapshot-l1-lost',
        'cross-link',
        'l1-entry-reserved',
        'l1-entry-unaligned',
      ]),
      safe: ['consistent', 'corrupt'],
    }
  }),
  onSnapshots('l1-size-huge', 8, 'an entry claims an L1 table of 2^32-1 entries', (work) => {
    work.setU32(lastEntry(work).offset + 8, 0xffffffff)
    return comesBack('snapshot-l1-size')
  }),
  onSnapshots('l1-size-zero', 8, 'an entry claims an L1 table without entries', (work) => {
    work.setU32(lastEntry(work).offset + 8, 0)
    return comesBack(['snapshot-l1-size', 'snapshot-l1-lost'])
  }),
  onSnapshots('duplicate-id', 8, 'two snapshots have the same id', (work) => {
    const [one, other] = work.snapshots
    if (one?.entry === undefined || other?.entry === undefined) return undefined
    const at = other.entry.offset + 40 + work.u32(other.entry.offset + 36)
    work.bytes.write(one.id as string, at, 'latin1')
    // QEMU takes the first of them; the other can be reached by its name only.
    return {
      findings: ['snapshot-duplicate'],
      verdict: ['consistent', 'corrupt'],
      safe: 'consistent',
      undetectable: true,
    }
  }),
]
