import { describe, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { findEvidence } from '../../src/recover/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { DATA_FILE } from '../corpus/access.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { nextSnapshotOf } from '../corpus/next-snapshot.ts'
import { SHAPES } from '../corpus/shape.ts'

async function planOf(bytes: Buffer, dataFile?: Buffer) {
  const options = dataFile ? { dataFile: new MemorySource(dataFile) } : {}
  const image = await openImage(new MemorySource(bytes), options)
  const surveyed = await survey(image)
  return { plan: await planRepair(image, surveyed), evidence: await findEvidence(surveyed) }
}

/** What nothing is wrong with is left alone, whatever tempts to see more in it: decoys, deleted snapshots, old tables. */
describe('healthy images of every shape', () => {
  test.each(SHAPES)('$name: nothing to repair, nothing lost', async (shape) => {
    const { bytes, companions } = await makeHealthy(shape)
    const { plan, evidence } = await planOf(bytes, companions.get(DATA_FILE))
    expect(plan.actions).toEqual([])
    expect(plan.wanted).toEqual([])
    expect(plan.finalSize).toBe(bytes.length)
    expect(evidence.snapshots.filter(({ listed }) => !listed)).toEqual([])
    expect(evidence.lostWindows).toEqual([])
  })

  test.each(
    SHAPES.filter(({ dataFile, encryption, refcountBits }) => !dataFile && !encryption && refcountBits > 2),
  )('$name, with one snapshot more', async (shape) => {
    const { plan } = await planOf(nextSnapshotOf(await makeHealthy(shape)).after)
    expect(plan.actions).toEqual([])
  })
})
