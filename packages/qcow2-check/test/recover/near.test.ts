import { describe, expect, it } from 'vitest'
import { chanceOfNear, MOST_CHANCE, nearOffsets } from '../../src/recover/tables/near.ts'
import { damagedCase, evidenceOf } from './look.ts'

const K = 1024
const small = { clusterSize: 4 * K, clusters: 85, known: 4 }
const large = { clusterSize: 64 * K, clusters: 2 ** 24, known: 2 }

describe('how near an entry is by chance', () => {
  it.each([
    ['one of four tables is two bits away from any entry of a small file', 0x37000n, 2, small, 1],
    ['or one bit', 0x37000n, 1, small, 0.1],
    ['a bit beyond any offset in the file is no chance', 0x37000n | (1n << 45n), 1, small, 0],
    ['nor is an entry that is no offset of a cluster', 0x37200n, 1, small, 0],
  ] as const)('%s', (_, entry, bits, file, least) => {
    expect(chanceOfNear(entry, bits, file)).toBeGreaterThanOrEqual(least)
    if (least > 0) expect(chanceOfNear(entry, bits, file)).toBeGreaterThan(MOST_CHANCE)
    else expect(chanceOfNear(entry, bits, file)).toBe(0)
  })

  it('in a large file with few tables that are lost one is not', () => {
    expect(chanceOfNear(0x1234_0000_0000n % 2n ** 40n, 2, large)).toBeLessThan(MOST_CHANCE)
  })

  it('offsets are told with the bits in which they differ', () => {
    const found = nearOffsets(0x30000n, 4 * K, (offset) => offset === 0x31000 || offset === 0x3c000)
    expect(found).toEqual([
      { offset: 0x31000, bits: 1 },
      { offset: 0x3c000, bits: 2 },
    ])
  })
})

/** Tables of snapshots are leaked there, a bit or two from entries of the active disk whose tables are gone. */
describe('entries whose tables were cut off with the end of the file', () => {
  it.each([
    ['decoys-4k', 'length/half'],
    ['v3-4k', 'length/half'],
    ['rc32-512', 'length/half'],
    ['v3-512-long', 'length/half'],
    ['v3-512', 'length/tail'],
    ['zstd-512', 'length/tail'],
  ])('%s %s: get no other table', async (shape, damage) => {
    const { bytes } = await damagedCase(shape, damage)
    const { entryRepairs } = await evidenceOf(bytes)
    expect(entryRepairs).toEqual([])
  })
})
