import { describe, expect, it } from 'vitest'
import { Scratch } from '../support/scratch.ts'
import { healAndRead } from './heal.ts'
import { damagedCase, evidenceOf } from './look.ts'

/** Damages after which every snapshot is still in the file, whatever became of their table. */
const ALL_COME_BACK = [
  'snapshot-table/count-one-more',
  'snapshot-table/count-huge',
  'snapshot-table/count-one-less',
  'snapshot-table/pointer-zeroed',
  'snapshot-table/offset-unaligned',
  'snapshot-table/offset-beyond-end',
  'snapshot-table/offset-flipped',
  'snapshot-table/offset-to-data',
  'snapshot-table/zeroed',
  'snapshot-table/overwritten',
  'snapshot-table/overwritten-c3',
  'snapshot-table/overwritten-head',
  'snapshot-table/overwritten-tail',
  'snapshot-table/torn-last',
  'snapshot-table/torn-start',
  'snapshot-table/extra-huge',
  'snapshot-table/l1-unaligned',
  'snapshot-table/l1-beyond-end',
  'snapshot-table/l1-flipped',
  'snapshot-table/l1-size-huge',
  'snapshot-table/l1-size-zero',
  'snapshot-l1/zeroed-last',
  'snapshot-l1/zeroed-first',
  'snapshot-l1/garbage',
  'snapshot-l1/entry-flipped',
  'cross-link/data-snapshot-l1',
  'cross-link/l1-l1',
  'refcount/low-shared',
]

describe.each(['v3-64k', 'v3-512', 'v2-4k'])('snapshots of %s', (shape) => {
  it.each(ALL_COME_BACK)('come back after %s, with what they held', async (damage) => {
    const { healthy, bytes } = await damagedCase(shape, damage)
    const evidence = await evidenceOf(bytes)
    using scratch = new Scratch()
    const healed = await healAndRead(healthy, bytes, evidence, scratch)
    for (const { id, l1 } of healthy.layout.disks.slice(1))
      expect(healed.snapshots.get(l1.offset)?.digest, `snapshot ${id}`).toBe(healthy.contents.get(id)?.digest)
    const places = healthy.layout.disks.slice(1).map(({ l1 }) => l1.offset)
    const extra = evidence.snapshots.filter((found) => found.certain && !places.includes(found.l1.offset))
    expect(extra).toEqual([])
  })
})

describe('names', () => {
  it.each([
    ['snapshot-table/pointer-zeroed', ['s1', 's2', 's3']],
    ['snapshot-table/torn-start', ['s1', 's2', 's3']],
    ['snapshot-table/extra-huge', ['s1', 's2', 's3']],
    ['snapshot-table/l1-flipped', ['s1', 's2', 's3']],
    ['snapshot-table/l1-size-huge', ['s1', 's2', 's3']],
    ['snapshot-table/zeroed', [undefined, undefined, undefined]],
  ])('after %s', async (damage, names) => {
    const { bytes } = await damagedCase('v3-64k', damage)
    const { snapshots } = await evidenceOf(bytes)
    const found = snapshots.map(({ entry }) => entry?.name)
    expect(found.sort()).toEqual(names)
  })
})

describe('names that are no text', () => {
  it.each([
    ['in Latin-1', Buffer.from('\xe9t', 'latin1')],
    ['with a tab', Buffer.from('a\t')],
    ['without its beginning, in Latin-1', Buffer.from('\xe9t', 'latin1'), true],
  ])('%s', async (_, name, torn = false) => {
    const { bytes } = await damagedCase('v3-64k', 'snapshot-table/pointer-zeroed')
    // The shape's first name is two bytes long.
    const at = bytes.indexOf(Buffer.from('1s1\0', 'latin1'))
    expect(at).toBeGreaterThan(0)
    name.copy(bytes, at + 1)
    if (torn) {
      const entry = at - 64
      bytes.writeUInt32BE(3, 60)
      bytes.writeBigUInt64BE(BigInt(entry), 64)
      bytes.fill(0, entry, entry + 40)
    }
    const { snapshots } = await evidenceOf(bytes)
    const [found] = snapshots.filter(({ certain, entry }) => certain && entry?.id === '1')
    expect(found?.entry?.name).toBe(name.toString('latin1'))
    expect(Buffer.from(found?.entry?.bytes ?? []).includes(name)).toBe(true)
  })
})

describe('a snapshot that can not be proven', () => {
  it.each([
    ['v3-64k', 'snapshot-l1/all-zeroed', ['1', '2', '3']],
    ['v3-512', 'snapshot-l1/all-zeroed', ['1', '2', '3']],
    ['v3-64k', 'snapshot-l1/l2-zeroed', ['1']],
    ['v2-4k', 'snapshot-l1/l2-zeroed', ['1']],
  ])('%s %s: %s', async (shape, damage, ids) => {
    const { bytes } = await damagedCase(shape, damage)
    const { snapshots } = await evidenceOf(bytes)
    expect(snapshots.filter(({ certain }) => !certain).map(({ entry }) => entry?.id)).toEqual(ids)
  })
})
