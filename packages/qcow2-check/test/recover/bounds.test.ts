import { describe, expect, it } from 'vitest'
import { makeHealthy } from '../corpus/healthy.ts'
import { SHAPES, shapeNamed } from '../corpus/shape.ts'
import { dice, noise } from '../support/noise.ts'
import { damagedCase, evidenceOf } from './look.ts'

describe('nothing is found where nothing is lost', () => {
  it.each(SHAPES.map(({ name }) => name))('%s', async (name) => {
    const { bytes, layout } = await makeHealthy(shapeNamed(name))
    const evidence = await evidenceOf(bytes)
    expect(evidence).toMatchObject({ entryRepairs: [], orphanL2s: [], lostWindows: [], truncated: false })
    expect(evidence.inFlight).toBeUndefined()
    const ids = layout.disks.slice(1).map(({ id }) => id)
    expect(evidence.snapshots.map(({ entry }) => entry?.id).sort()).toEqual(ids.sort())
    for (const snapshot of evidence.snapshots)
      expect(snapshot).toMatchObject({ listed: true, certain: true, proof: { kind: 'refcounts' } })
  })
})

describe('hostile images', () => {
  it('cost no more than the limits, which it says', async () => {
    const { bytes } = await damagedCase('v3-64k', 'snapshot-table/zeroed')
    const evidence = await evidenceOf(bytes, { limits: { bytes: 300_000, l2Tables: 1 } })
    expect(evidence.truncated).toBe(true)
  })

  it('end in evidence, never in an error', { timeout: 60_000 }, async () => {
    const { bytes, layout } = await makeHealthy(shapeNamed('v3-512'))
    const rolls = dice('recover')
    const roll = (below: number) => Math.floor(rolls.next().value * below)
    for (let round = 0; round < 300; round++) {
      const image = Buffer.from(bytes)
      for (let change = 0; change <= roll(6); change++) {
        // Tables lie at the beginning of clusters; data nearly everywhere.
        const cluster = roll(layout.clusters) * layout.clusterSize
        const at = Math.min(cluster + roll(8) * 8 * roll(2), image.length - 16)
        noise(`${round}/${change}`, 1 + roll(16)).copy(image, at < 8 ? 24 : at)
      }
      const evidence = await evidenceOf(image)
      expect(evidence.snapshots.length).toBeLessThan(64)
    }
  })

  it('stop when told to', async () => {
    const { bytes } = await damagedCase('v3-64k', 'snapshot-table/zeroed')
    await expect(evidenceOf(bytes, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  })
})
