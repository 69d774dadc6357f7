import { afterAll, describe, expect, test } from 'vitest'
import { combine } from '../corpus/combined.ts'
import type { Damage } from '../corpus/damage.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { runCase } from './run-case.ts'
import { lastPhase } from './totals.ts'

const scratch = new Scratch('qcow2-combined')
afterAll(() => scratch[Symbol.dispose]())

/** Found by `npm run soak`: what went wrong, the shape, the damages, and what becomes of the disks in the end. */
const FOUND: readonly (readonly [string, string, readonly string[], Record<string, string>])[] = [
  [
    'a refcount table of 2^32-1 clusters claimed the whole file, so that nothing seemed lost and L1 entries were emptied',
    'v3-512',
    ['header/reftable-clusters-huge', 'snapshot-table/offset-beyond-end', 'feature/compression-set'],
    { '': 'whole', 1: 'whole', 2: 'whole', 3: 'whole' },
  ],
  [
    'the header is gone, and so is the refcount of the active L2 table: the table of a snapshot was taken for the disk',
    'names-64k',
    ['feature/corrupt-low', 'header/order-wrong', 'header/cluster-overwritten'],
    { '': 'whole', 1: 'whole', 2: 'whole', 3: 'whole' },
  ],
  [
    'a snapshot has the L1 table of the active disk, and reads other wrong bytes once that is mended',
    'v3-64k-windows',
    ['l2-entry/garbage', 'cross-link/l1-l1'],
    { '': 'whole', 1: 'whole', 2: 'whole' },
  ],
  [
    'L1 tables of all disks are lost, and only the active one has an L2 table with COPIED flags: it was given up',
    'v3-64k-two',
    ['snapshot-l1/all-zeroed', 'header/length-huge', 'l1/garbage'],
    { '': 'whole', 1: 'missing', 2: 'missing' },
  ],
  [
    'QEMU opens the image again, and of the snapshot that is left nothing but zeros is there',
    'grown-4k',
    ['snapshot-l1/garbage', 'snapshot-table/overwritten-tail', 'snapshot-l1/all-zeroed'],
    { '': 'whole', 1: 'told', 2: 'missing', 3: 'missing' },
  ],
  [
    'QEMU opens the image again, and a cluster that an entry had lost is leaked: it was held for lost by the repair',
    'zlib-4k',
    ['cross-link/data-l1', 'l2-entry/zeroed', 'feature/compression-set'],
    { '': 'as-damaged', 1: 'whole', 2: 'whole' },
  ],
  [
    'the same of a snapshot, whose table is linked again by consent',
    'rc64-4k',
    ['header/cluster-bits-zeroed', 'snapshot-l1/entry-zeroed', 'l2-entry/unaligned'],
    { '': 'whole', 1: 'whole', 2: 'whole', 3: 'whole' },
  ],
  [
    "the refcounts that were found again count what the active disk has lost: it was to be pinned, as nobody's",
    'prealloc-64k',
    ['l2/older', 'header/compression-garbage', 'refcounts/table-zeroed'],
    { '': 'as-damaged', 1: 'whole' },
  ],
  [
    "refcounts are lost, and so is a snapshot, whose L1 table was to be pinned as nobody's",
    'v3-64k-two',
    ['refcount/low-shared', 'snapshot-table/count-one-less', 'header/reftable-clusters-zeroed'],
    { '': 'whole', 1: 'whole', 2: 'missing' },
  ],
  [
    'a refcount block that counts a lost snapshot was not taken for one, and the snapshot was to be dropped',
    'aes-4k',
    ['refcounts/entry-garbage', 'snapshot-table/l1-unaligned'],
    { '': 'whole', 1: 'whole' },
  ],
  [
    'a refcount table whose block counts the lost active disk was not taken for one, and nothing told of the loss',
    'lazy-64k',
    ['l1/zeroed', 'header/reftable-clusters-zeroed'],
    { '': 'whole', 1: 'whole', 2: 'whole' },
  ],
  [
    'refcounts of 2 bits are all ones, and by chance fit two snapshots with a window more: it was linked to both',
    'rc2-4k',
    ['refcounts/block-ones'],
    { '': 'whole', 1: 'whole', 2: 'whole' },
  ],
  [
    'the active L1 table is zeros, and of the refcounts nothing leads to the block: what it held was to be pinned',
    'lazy-64k',
    ['refcounts/entry-zeroed', 'l1/zeroed', 'header/reftable-clusters-zeroed'],
    { '': 'as-damaged', 1: 'whole', 2: 'whole' },
  ],
]

function named(name: string): Damage {
  const damage = DAMAGES.find((one) => one.name === name)
  if (damage === undefined) throw new Error(`no damage ${name}`)
  return damage
}

describe('several damages in one image', () => {
  test.each(FOUND)('%s (%s)', async (_story, shape, names, fates) => {
    const one = await combine(shapeNamed(shape), names.map(named))
    if (one === undefined) throw new Error('these damages do not fit together')
    const outcome = await runCase(one, scratch.file(names.join('+').replaceAll('/', '-')))
    expect(outcome.failures).toEqual([])
    expect(lastPhase(outcome)?.fates).toEqual(fates)
  })
})
