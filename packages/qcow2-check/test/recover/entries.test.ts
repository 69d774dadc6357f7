import { describe, expect, it } from 'vitest'
import { Scratch } from '../support/scratch.ts'
import { healAndRead } from './heal.ts'
import { damagedCase, evidenceOf } from './look.ts'

/** The file proves what the entry was: the active disk reads as before once it is put back. */
const PROVEN: readonly (readonly [string, string, string])[] = [
  ['v3-64k', 'l1/entry-zeroed', 'shared'],
  ['v3-512', 'l1/entry-zeroed', 'shared'],
  ['v3-64k', 'l1/entry-flipped', 'near'],
  ['v3-64k-one', 'l1/entry-flipped', 'near'],
  ['v2-4k', 'l1/entry-flipped-high', 'near'],
  ['v3-64k', 'l1/entry-unaligned', 'near'],
  ['v2-4k', 'l1/entry-garbage', 'shared'],
  ['v2-4k', 'l1/two-zeroed', 'shared'],
  ['v3-512', 'l1/zeroed', 'shared'],
  ['v2-4k', 'l1/garbage', 'shared'],
  ['rc1-64k', 'l1/overwritten-text', 'only-fit'],
  ['grown-4k', 'l1/entries-swapped', 'near'],
  ['decoys-4k', 'l1/entry-zeroed', 'shared'],
  ['decoys-64k', 'l1/garbage', 'shared'],
  ['v2-4k', 'cross-link/l2-l2', 'shared'],
  ['v3-512', 'cross-link/l2-data', 'shared'],
  ['v3-64k', 'l2-entry/unaligned', 'low-bits'],
  ['v3-64k', 'l2-entry/beyond-end', 'near'],
  ['v2-4k', 'l2-entry/garbage', 'only-fit'],
  ['v3-64k', 'l2-entry/all-ones', 'only-fit'],
  ['v3-64k', 'cross-link/data-snapshot', 'near'],
  ['v2-4k', 'cross-link/data-l2', 'only-fit'],
  ['v3-64k', 'cross-link/data-refcounts', 'only-fit'],
  ['v3-64k', 'cross-link/data-snapshot-l1', 'only-fit'],
]

describe('a wrong table entry', () => {
  it.each(PROVEN)('%s %s is proven: %s', async (shape, damage, kind) => {
    const { healthy, bytes } = await damagedCase(shape, damage)
    const evidence = await evidenceOf(bytes)
    expect(evidence.entryRepairs.map(({ proof }) => proof.kind)).toContain(kind)
    expect(evidence.entryRepairs.filter(({ certain }) => !certain)).toEqual([])
    using scratch = new Scratch()
    const { active, snapshots } = await healAndRead(healthy, bytes, evidence, scratch)
    expect(active?.digest).toBe(healthy.contents.get(undefined)?.digest)
    for (const { id, l1 } of healthy.layout.disks.slice(1))
      expect(snapshots.get(l1.offset)?.digest).toBe(healthy.contents.get(id)?.digest)
  })

  it('of two that name one cluster both are told, and neither is certain', async () => {
    const { bytes } = await damagedCase('v3-64k', 'cross-link/data-data')
    const { entryRepairs } = await evidenceOf(bytes)
    expect(entryRepairs).toHaveLength(2)
    expect(new Set(entryRepairs.map(({ after }) => after)).size).toBe(1)
    expect(entryRepairs.every(({ certain, proof }) => !certain && proof.candidates === 2)).toBe(true)
  })

  it('of two entries with the same table neither is told wrong by what that table maps', async () => {
    const { bytes } = await damagedCase('rc1-512', 'cross-link/l2-l2')
    const { entryRepairs } = await evidenceOf(bytes)
    expect(entryRepairs).toEqual([])
  })

  it.each(['l2/zeroed', 'l2/sector-garbage', 'l2-entry/zeroed', 'refcounts/block-garbage'])(
    'nothing is certain after %s',
    async (damage) => {
      const { bytes } = await damagedCase('v3-64k', damage)
      const { entryRepairs, inFlight } = await evidenceOf(bytes)
      expect(entryRepairs.filter(({ certain }) => certain)).toEqual([])
      expect(inFlight?.certain ?? false).toBe(false)
    },
  )
})
