import type { Damage, Expectation } from '../damage.ts'
import type { Mapped } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

const onEntry = (
  name: string,
  story: string,
  inflict: (work: Workpiece, data: Mapped) => Expectation | undefined,
  shapes?: readonly string[],
): Damage => ({
  name: `l2-entry/${name}`,
  row: 15,
  story,
  ...(shapes ? { shapes } : {}),
  inflict: (work) => {
    const data = work.onlyIn(work.active)[0]
    return data === undefined ? undefined : inflict(work, data)
  },
})

const one = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'leaks'],
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: ['consistent', 'leaks'],
})

/** Where the file may not prove which cluster was meant. */
const perhaps = (...findings: Expectation['findings']): Expectation => ({
  ...one(...findings),
  gone: [undefined],
})

/** Row 15: single L2 entries. */
export const L2_ENTRY_DAMAGES: readonly Damage[] = [
  onEntry('reserved', 'a reserved bit is set', (work, { entry }) => {
    work.change(entry, (value) => value | 0x40n)
    return { ...one('l2-entry-reserved'), allowed: 'consistent' }
  }),
  onEntry('reserved-high', 'a high reserved bit is set', (work, { entry }) => {
    work.change(entry, (value) => value | (1n << 58n))
    return { ...one('l2-entry-reserved'), allowed: 'consistent' }
  }),
  onEntry('unaligned', 'an entry points into the midst of a cluster', (work, { entry }) => {
    if (work.clusterSize === 512) return undefined
    work.change(entry, (value) => value + 512n)
    return perhaps('l2-entry-unaligned')
  }),
  onEntry('beyond-end', 'an entry points beyond the end', (work, { entry }) => {
    work.change(entry, (value) => value ^ (1n << 46n))
    return perhaps('l2-entry-beyond-end')
  }),
  onEntry('zeroed', 'an entry is zero, its cluster belongs to nobody', (work, { entry }) => {
    work.zero(entry, 8)
    return perhaps(['leak', 'lost-l2'])
  }),
  onEntry('garbage', 'an entry is garbage', (work, { entry }) => {
    work.setU64(entry, 0x3bad_c0de_dead_be3fn)
    return perhaps(['l2-entry-reserved', 'l2-entry-unaligned', 'l2-entry-beyond-end'])
  }),
  onEntry('all-ones', 'an entry is all ones', (work, { entry }) => {
    work.setU64(entry, -1n)
    return perhaps(['l2-entry-reserved', 'l2-entry-beyond-end', 'l2-compressed-copied'])
  }),
  onEntry('compressed-bit', 'an entry says compressed, and is not', (work, { entry }) => {
    work.change(entry, (value) => (value | (1n << 62n)) & ~(1n << 63n))
    // Only who inflates it finds out: the entry is a valid one, of a cluster that compressed badly.
    return { findings: [], verdict: 'consistent', safe: 'consistent', undetectable: true }
  }),
  onEntry('swapped', 'two entries of a table are swapped', (work, { entry }) => {
    const other = work.onlyIn(work.active)[1]
    if (other === undefined) return undefined
    const held = work.u64(entry)
    work.setU64(entry, work.u64(other.entry))
    work.setU64(other.entry, held)
    // Nothing in the file tells: both are valid.
    return { findings: [], verdict: 'consistent', safe: 'consistent', undetectable: true }
  }),
  onEntry(
    'subclusters-both',
    'a subcluster is marked both allocated and zero',
    (work, { entry }) => {
      work.setU64(entry + 8, 0x0000_0001_ffff_ffffn)
      return perhaps('l2-subclusters')
    },
    ['ext-64k', 'ext-16k'],
  ),
  onEntry(
    'subclusters-unallocated',
    'subclusters are marked allocated, but there is no cluster',
    (work, { entry }) => {
      work.setU64(entry, 0)
      work.setU64(entry + 8, 0xffff_ffffn)
      return perhaps('l2-subclusters')
    },
    ['ext-64k', 'ext-16k'],
  ),
  onEntry(
    'zero-bit',
    'the zero bit, which extended entries do not have, is set',
    (work, { entry }) => {
      work.change(entry, (value) => value | 1n)
      return { ...one('l2-entry-reserved'), allowed: 'consistent' }
    },
    ['ext-64k', 'v2-64k'],
  ),
]
