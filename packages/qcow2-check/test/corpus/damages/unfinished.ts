import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

/** What `qemu-img snapshot -c` would write next, and in which roles. */
const roles = (work: Workpiece) => work.nextSnapshot()

const half = (
  name: string,
  row: number,
  story: string,
  inflict: (work: Workpiece, next: ReturnType<typeof roles>) => Expectation,
): Damage => ({
  name: `unfinished/${name}`,
  row,
  story,
  inflict: (work) => {
    const { dataFile, encryption, refcountBits, blank } = work.healthy.shape
    if (dataFile || encryption || refcountBits < 8 || blank) return undefined
    const next = roles(work)
    return { ...inflict(work, next), extra: next.id }
  },
})

/** Rows 4, 5 and 6: a snapshot was being made when the storage went away. */
export const UNFINISHED_DAMAGES: readonly Damage[] = [
  half(
    'header-old',
    4,
    'everything of the new snapshot is there, but the header does not know',
    (work, next) => {
      work.bytes = Buffer.from(next.after)
      for (const cluster of next.header) work.takeOver(next.before, cluster)
      for (const cluster of next.oldTable) work.takeOver(next.before, cluster)
      return {
        findings: [['snapshot-orphan', 'leak', 'refcount-high']],
        verdict: ['leaks', 'corrupt'],
        safe: ['consistent', 'leaks', 'corrupt'],
        allowed: 'consistent',
      }
    },
  ),
  half(
    'table-absent',
    5,
    'the header points to the new table, which never reached the disk',
    (work, next) => {
      work.bytes = Buffer.from(next.after)
      for (const cluster of [...next.newTable, ...next.oldTable]) work.takeOver(next.before, cluster)
      return {
        findings: [['snapshot-table-overwritten', 'snapshot-phantom', 'snapshots-offset', 'snapshot-entry']],
        verdict: 'corrupt',
        safe: ['consistent', 'leaks'],
        allowed: 'consistent',
      }
    },
  ),
  half('both-tables-gone', 5, 'the same, and the old table is already punched away', (work, next) => {
    work.bytes = Buffer.from(next.after)
    for (const cluster of next.newTable) work.takeOver(next.before, cluster)
    return {
      findings: [['snapshot-table-overwritten', 'snapshot-phantom', 'snapshots-offset', 'snapshot-entry']],
      verdict: 'corrupt',
      safe: ['consistent', 'leaks'],
      allowed: 'consistent',
    }
  }),
  half('refcounts-old', 6, 'the snapshot is there, the refcounts know nothing of it', (work, next) => {
    work.bytes = Buffer.from(next.after)
    for (const cluster of next.refcounts) work.takeOver(next.before, cluster)
    return {
      findings: ['refcount-low'],
      verdict: 'corrupt',
      safe: ['consistent', 'leaks'],
      allowed: 'consistent',
    }
  }),
  half('l1-absent', 7, 'the snapshot is listed, but its L1 table never reached the disk', (work, next) => {
    work.bytes = Buffer.from(next.after)
    for (const cluster of next.snapshotL1) work.takeOver(next.before, cluster)
    return {
      findings: ['snapshot-l1-lost'],
      verdict: ['corrupt', 'leaks'],
      safe: ['consistent', 'leaks', 'corrupt'],
      allowed: 'consistent',
    }
  }),
]
