import { describe, expect, it } from 'vitest'
import { damagedCase, evidenceOf } from './look.ts'

describe('data whose L2 table is gone', () => {
  it.each([
    ['v3-64k', 'l2/zeroed'],
    ['v2-4k', 'l2/garbage'],
    ['v3-512', 'l2/sector-zeroed'],
  ])('%s %s: is that of the window without a table', async (shape, damage) => {
    const { healthy, bytes } = await damagedCase(shape, damage)
    const { lostWindows } = await evidenceOf(bytes)
    expect(lostWindows).toHaveLength(1)
    const [lost] = lostWindows
    expect(lost?.proof.kind).toBe('hole')
    const { clusterSize, disks } = healthy.layout
    for (const { first, count } of lost?.ranges ?? [])
      for (let cluster = first; cluster < first + count; cluster++) {
        const mapped = disks[0]?.mapped.find(({ host }) => Math.floor(host / clusterSize) === cluster)
        const { offset = 0, length = 0 } = lost?.guest ?? {}
        expect(mapped?.guest).toBeGreaterThanOrEqual(offset)
        expect(mapped?.guest).toBeLessThan(offset + length)
      }
  })

  it('is of no window where none has lost a table', async () => {
    const { bytes } = await damagedCase('v3-64k', 'l2-entry/zeroed')
    const { lostWindows } = await evidenceOf(bytes)
    expect(lostWindows).toMatchObject([{ clusters: 1, proof: { kind: 'none' } }])
    expect(lostWindows[0]?.guest).toBeUndefined()
  })
})
