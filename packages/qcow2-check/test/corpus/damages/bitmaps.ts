import type { Damage, Expectation } from '../damage.ts'
import type { Layout } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

const SHAPES = ['bitmaps-64k', 'bitmaps-512']

const broken = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'leaks', 'incomplete'],
  safe: ['consistent', 'leaks'],
  // What the tables of a lost directory hold can't be told from data: it is pinned.
  allowed: 'consistent',
})

const onBitmaps = (
  name: string,
  story: string,
  inflict: (work: Workpiece, bitmaps: NonNullable<Layout['bitmaps']>) => Expectation | undefined,
): Damage => ({
  name: `bitmaps/${name}`,
  row: 20,
  story,
  shapes: SHAPES,
  inflict: (work) => (work.layout.bitmaps ? inflict(work, work.layout.bitmaps) : undefined),
})

/** Row 20: persistent dirty bitmaps. */
export const BITMAP_DAMAGES: readonly Damage[] = [
  onBitmaps(
    'directory-garbage',
    'the bitmap directory is overwritten',
    (work, { directory, directorySize }) => {
      work.garbage(directory, directorySize)
      return broken(['bitmap-directory', 'bitmap-entry'])
    },
  ),
  onBitmaps(
    'directory-zeroed',
    'the bitmap directory reads as zeros',
    (work, { directory, directorySize }) => {
      work.zero(directory, directorySize)
      return broken(['bitmap-directory', 'bitmap-entry'])
    },
  ),
  onBitmaps('directory-beyond-end', 'the bitmap directory lies beyond the end', (work, { extension }) => {
    work.change(extension + 24, (offset) => offset + (1n << 41n))
    return broken('bitmap-directory')
  }),
  onBitmaps('count-huge', 'the extension counts 2^31 bitmaps', (work, { extension }) => {
    work.setU32(extension + 8, 0x80000000)
    return broken(['bitmap-directory', 'header-extension'])
  }),
  onBitmaps('count-one-more', 'the extension counts a bitmap that is not there', (work, { extension }) => {
    work.setU32(extension + 8, work.u32(extension + 8) + 1)
    return broken(['bitmap-directory', 'bitmap-entry'])
  }),
  onBitmaps('size-huge', 'the directory is 2^40 bytes long', (work, { extension }) => {
    work.setU64(extension + 16, 1n << 40n)
    return broken(['bitmap-directory', 'header-extension'])
  }),
  onBitmaps(
    'table-unaligned',
    'the table of a bitmap begins in the midst of a cluster',
    (work, { directory }) => {
      work.change(directory, (offset) => offset + 8n)
      return broken(['bitmap-entry', 'bitmap-table'])
    },
  ),
  onBitmaps('table-beyond-end', 'the table of a bitmap lies beyond the end', (work, { directory }) => {
    work.change(directory, (offset) => offset + (1n << 41n))
    return broken(['bitmap-entry', 'bitmap-table'])
  }),
  onBitmaps('type-unknown', 'a bitmap has an unknown type', (work, { directory }) => {
    work.bytes[directory + 16] = 7
    return broken('bitmap-entry')
  }),
  onBitmaps('granularity', 'a bitmap has a granularity of 2^60', (work, { directory }) => {
    work.bytes[directory + 17] = 60
    return broken('bitmap-entry')
  }),
  onBitmaps('entry-beyond-end', 'data of a bitmap lies beyond the end', (work, { directory }) => {
    work.setU64(Number(work.u64(directory)), 1n << 42n)
    return broken('bitmap-table')
  }),
  onBitmaps('entry-reserved', 'reserved bits are set in the table of a bitmap', (work, { directory }) => {
    work.change(Number(work.u64(directory)), (entry) => entry | 0xf0n)
    return broken('bitmap-table')
  }),
  onBitmaps('in-use', 'a bitmap was in use when the machine died', (work, { directory }) => {
    work.setU32(directory + 12, work.u32(directory + 12) | 1)
    return { findings: ['bitmap-in-use'], verdict: 'consistent', safe: 'consistent' }
  }),
  onBitmaps('stale', 'a program that knows no bitmaps wrote to the image and cleared their bit', (work) => {
    work.change(88, (bits) => bits & ~1n)
    return {
      findings: [['bitmaps-stale', 'leak']],
      verdict: ['leaks', 'consistent'],
      safe: ['leaks', 'consistent'],
      allowed: 'consistent',
    }
  }),
]
