import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const rebuilt = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: 'corrupt',
  // Blocks that are given up for new ones are leaked, until someone allows to free them.
  safe: ['consistent', 'leaks'],
  allowed: 'consistent',
})

const structure = (
  name: string,
  row: number,
  story: string,
  inflict: (work: Workpiece, table: number, block: number) => Expectation | undefined,
): Damage => ({
  name: `refcounts/${name}`,
  row,
  story,
  inflict: (work) => inflict(work, work.layout.refcountTable.offset, work.layout.refcountBlocks[0] as number),
})

/** Rows 17 and 22: the refcount table and its blocks. */
export const REFCOUNT_STRUCTURE_DAMAGES: readonly Damage[] = [
  structure('entry-zeroed', 17, 'the first entry of the refcount table is zero', (work, table) => {
    work.zero(table, 8)
    return rebuilt('refcount-low')
  }),
  structure(
    'entry-unaligned',
    17,
    'an entry of the refcount table points into the midst of a cluster',
    (work, table) => {
      if (work.clusterSize === 512) return undefined
      work.change(table, (value) => value + 512n)
      return rebuilt('refcount-table-entry')
    },
  ),
  structure('entry-beyond-end', 17, 'an entry of the refcount table points beyond the end', (work, table) => {
    work.change(table, (value) => value ^ (1n << 43n))
    return rebuilt('refcount-table-entry')
  }),
  structure(
    'entry-reserved',
    17,
    'reserved bits are set in an entry of the refcount table',
    (work, table) => {
      work.change(table, (value) => value | 1n)
      return rebuilt('refcount-table-entry')
    },
  ),
  structure('entry-garbage', 17, 'an entry of the refcount table is garbage', (work, table) => {
    work.setU64(table, 0xdead_beef_dead_beefn)
    return rebuilt('refcount-table-entry')
  }),
  structure('table-zeroed', 17, 'the refcount table reads as zeros', (work, table) => {
    work.zero(table, work.layout.refcountTable.clusters * work.clusterSize)
    return rebuilt('refcount-low')
  }),
  structure('table-garbage', 17, 'the refcount table is overwritten', (work, table) => {
    work.garbage(table, work.layout.refcountTable.clusters * work.clusterSize)
    return rebuilt('refcount-table-entry')
  }),
  structure('block-zeroed', 17, 'a refcount block reads as zeros', (work, _, block) => {
    work.zero(block, work.clusterSize)
    return rebuilt('refcount-low')
  }),
  structure('block-garbage', 17, 'a refcount block is overwritten', (work, _, block) => {
    work.garbage(block, work.clusterSize)
    return {
      ...rebuilt(['refcount-low', 'refcount-high', 'leak']),
      safe: ['consistent', 'leaks'],
      allowed: 'consistent',
    }
  }),
  structure('block-ones', 17, 'a refcount block is all ones', (work, _, block) => {
    work.fill(block, work.clusterSize, 0xff)
    return {
      findings: [['leak', 'refcount-high']],
      verdict: ['leaks', 'corrupt'],
      safe: ['consistent', 'leaks'],
      allowed: 'consistent',
    }
  }),
  structure(
    'block-shared',
    17,
    'two entries of the refcount table name the same block',
    (work, table, block) => {
      const second = work.layout.refcountBlocks[1]
      work.setU64(table + 8, block)
      // Counts of clusters beyond the end: the block that was there is not referenced any more.
      return second
        ? rebuilt(['refcount-block-shared', 'refcount-low'])
        : rebuilt(['refcount-block-shared', 'cross-link'])
    },
  ),
  structure('block-is-l1', 22, 'the refcount table names the active L1 table as its block', (work, table) => {
    work.setU64(table, work.active.l1.offset)
    return rebuilt(['cross-link', 'refcount-low', 'refcount-block-shared'])
  }),
  structure('block-is-table', 22, 'the refcount table names itself as its block', (work, table) => {
    work.setU64(table, table)
    return rebuilt(['cross-link', 'refcount-low', 'refcount-block-shared'])
  }),
  structure('table-is-l1', 22, 'the header names the active L1 table as refcount table', (work) => {
    work.setU64(48, work.active.l1.offset)
    return rebuilt(['cross-link', 'refcount-table-entry', 'refcount-low'])
  }),
  structure('table-is-block', 22, 'the header names a refcount block as refcount table', (work, _, block) => {
    work.setU64(48, block)
    return rebuilt(['cross-link', 'refcount-table-entry', 'refcount-low'])
  }),
  structure('table-is-header', 22, 'the refcount table names the header as its block', (work, table) => {
    if (work.layout.refcountBits === 64) return undefined
    work.setU64(table + 8, work.layout.snapshotTable.offset || work.active.l1.offset)
    return rebuilt(['cross-link', 'refcount-block-shared', 'refcount-low'])
  }),
]
