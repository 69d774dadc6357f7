import { describe, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { damagedCase } from '../recover/look.ts'
import { carriedOut } from './carried-out.ts'

async function planOf(bytes: Buffer, allow: readonly ConsentClass[]): Promise<Plan> {
  const image = await openImage(new MemorySource(Buffer.from(bytes)))
  return planRepair(image, await survey(image), { allow })
}

/** Something else can be read there as it stands, so that it takes consent; and the file proves what it must have been. */
describe('what points to the wrong place and is proven to', () => {
  test.each([
    ['v3-64k-two', 'l1/entry-flipped'],
    ['ext-16k', 'l1/entry-flipped'],
    ['v3-2M', 'l1/entry-flipped'],
    ['decoys-64k', 'l1/entry-flipped'],
    ['rc1-512', 'header/l1-offset-flipped'],
    ['v3-4k-two', 'header/l1-offset-flipped'],
    ['ext-16k', 'header/l1-offset-flipped'],
    ['zstd-64k', 'header/l1-offset-flipped'],
    ['grown-4k', 'l1/entries-swapped'],
    ['v3-64k', 'cross-link/l1-l1'],
    ['v2-4k', 'cross-link/l2-l2'],
    ['v2-4k', 'cross-link/data-l2'],
    ['zlib-4k', 'cross-link/compressed-data'],
    ['zstd-64k', 'cross-link/compressed-data'],
    ['v3-64k', 'cross-link/data-refcounts'],
    ['zstd-64k', 'feature/extended-l2-set'],
    ['ext-64k', 'feature/extended-l2-cleared'],
  ])('%s %s: waits as it is, and with consent becomes what it was, to the byte', async (shape, damage) => {
    const { healthy, bytes } = await damagedCase(shape, damage)
    const safe = await planOf(bytes, [])
    expect(safe.refused).toEqual([])
    expect(safe.wanted.map((wanted) => wanted.class)).toEqual(['relink'])
    // Refcounts that were made to fit would prove nothing any more.
    const kinds = safe.actions.map((action) => action.class)
    expect(kinds.filter((name) => name !== 'fix-header')).toEqual([])
    const plan = await planOf(bytes, ['relink'])
    expect(plan.after.verdict).toBe('consistent')
    expect(carriedOut(bytes, plan).equals(healthy.bytes)).toBe(true)
  })

  test.each(['v2-4k', 'v3-512'])('%s: an entry of a snapshot', async (shape) => {
    const { healthy, bytes } = await damagedCase(shape, 'snapshot-l1/entry-flipped')
    const safe = await planOf(bytes, [])
    expect([safe.refused, safe.actions]).toEqual([[], []])
    const plan = await planOf(bytes, ['relink'])
    expect(plan.after.verdict).toBe('consistent')
    const disk = healthy.layout.disks.at(-1)
    const repaired = carriedOut(bytes, plan)
    for (const { index, offset } of disk?.l2 ?? []) {
      const entry = repaired.readBigUInt64BE((disk?.l1.offset ?? 0) + index * 8)
      expect(Number(entry & 0x00ff_ffff_ffff_fe00n)).toBe(offset)
    }
  })
})

test('a snapshot whose table is put right anyway waits for nothing', async () => {
  const { bytes } = await damagedCase('v3-64k', 'snapshot-table/l1-flipped')
  const plan = await planOf(bytes, [])
  expect([plan.refused, plan.wanted, plan.after.verdict]).toEqual([[], [], 'consistent'])
})

describe('an image that was cut off', () => {
  test.each([
    ['bitmaps-512', 'length/tail'],
    ['bitmaps-512', 'length/half'],
    ['bitmaps-64k', 'length/header-only'],
  ])('%s %s: is not opened by leaving out its bitmaps', async (shape, damage) => {
    const { bytes } = await damagedCase(shape, damage)
    const { actions } = await planOf(bytes, [])
    expect(actions.map((action) => action.class)).not.toContain('ignore-bitmaps')
  })

  test('its header is not changed for a table that went with the end', async () => {
    const { bytes } = await damagedCase('data-64k', 'length/half')
    expect((await planOf(bytes, ['relink'])).actions).toEqual([])
  })

  test('with its data in another file it gets no tables of zeros', async () => {
    const { bytes } = await damagedCase('data-64k', 'length/last-cluster')
    expect((await planOf(bytes, ['extend-file', 'zero-cluster'])).actions).toEqual([])
  })
})
