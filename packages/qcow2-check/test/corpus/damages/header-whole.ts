import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const proven = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'incomplete', 'not-qcow2'],
  safe: ['consistent', 'incomplete', 'corrupt'],
  allowed: ['consistent', 'incomplete', 'corrupt'],
})

const whole = (
  name: string,
  story: string,
  inflict: (work: Workpiece) => Expectation | undefined,
): Damage => ({
  name: `header/${name}`,
  row: 18,
  story,
  // What else stood in the first cluster can't be known: names of files, where the crypto header is, bitmaps.
  inflict: (work) => {
    const { dataFile, backing, encryption, bitmaps } = work.healthy.shape
    return dataFile || backing || encryption || bitmaps ? undefined : inflict(work)
  },
})

/** Row 18: the header as a whole. */
export const HEADER_WHOLE_DAMAGES: readonly Damage[] = [
  whole('zeroed', 'the header reads as zeros', (work) => {
    work.zero(0, work.layout.version === 3 ? 104 : 72)
    return proven(['header-magic', 'header-lost'])
  }),
  whole('sector-zeroed', 'the first sector reads as zeros', (work) => {
    work.zero(0, 512)
    return proven(['header-magic', 'header-lost'])
  }),
  whole('cluster-zeroed', 'the first cluster reads as zeros', (work) => {
    work.zero(0, work.clusterSize)
    return proven(['header-magic', 'header-lost'])
  }),
  whole('cluster-overwritten', 'something else was written over the first cluster', (work) => {
    work.garbage(0, work.clusterSize)
    return proven(['header-magic', 'header-lost'])
  }),
  whole('first-4k-overwritten', 'something else was written over the first 4096 bytes', (work) => {
    if (work.clusterSize < 4096) return undefined
    work.garbage(0, 4096)
    return proven(['header-magic', 'header-lost'])
  }),
  whole('partition-table', 'a partition table was written to the image instead of the disk', (work) => {
    work.zero(0, 512)
    work.bytes.set([0x80, 0x20, 0x21, 0, 0x83, 0xfe, 0xff, 0xff, 0, 8, 0, 0, 0, 0xf8, 0xff, 0], 446)
    work.bytes.set([0x55, 0xaa], 510)
    return proven(['header-magic', 'header-lost'])
  }),
  whole(
    'pointers-zeroed',
    'the header lost the offsets of the L1 table, of the refcounts and of the snapshots',
    (work) => {
      work.zero(36, 36)
      return {
        ...proven(['header-l1-offset', 'header-l1-size', 'header-refcount-table']),
        safe: ['consistent', 'corrupt', 'leaks'],
        allowed: 'consistent',
      }
    },
  ),
  whole('first-half-zeroed', 'the first 36 bytes read as zeros', (work) => {
    work.zero(0, 36)
    return proven(['header-magic', 'header-lost'])
  }),
]
