import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { openArguments } from '../corpus/access.ts'
import { writeImage } from '../corpus/cases.ts'
import { readDisk } from '../corpus/content.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Workpiece } from '../corpus/workpiece.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { carriedOut } from './carried-out.ts'

async function planOf(bytes: Uint8Array, allow: Parameters<typeof planRepair>[2] = {}) {
  const image = await openImage(new MemorySource(Buffer.from(bytes)))
  return planRepair(image, await survey(image), allow)
}

const damages: readonly [string, (work: Workpiece) => void][] = [
  ['a data cluster is free', (work) => work.setRefcount(work.dataOf(work.active)[0]?.host ?? 0, 0)],
  ['an L2 table is free', (work) => work.setRefcount(work.active.l2[0]?.offset ?? 0, 0)],
  ['the header is counted twice', (work) => work.setRefcount(0, 2)],
  ['a whole block is zeros', (work) => work.zero(work.layout.refcountBlocks[0] ?? 0, work.clusterSize)],
  ['a whole block is garbage', (work) => work.garbage(work.layout.refcountBlocks[0] ?? 0, work.clusterSize)],
]

describe.each(['v3-64k', 'v2-4k', 'rc64-4k', 'rc2-4k', 'v3-512'])('refcounts of %s', (name) => {
  it.each(damages)('%s: as before, by qemu-img check and by its content', async (_, inflict) => {
    const shape = shapeNamed(name)
    const healthy = await makeHealthy(shape)
    const work = new Workpiece(healthy)
    inflict(work)
    const plan = await planOf(work.bytes)
    expect(plan.refused).toEqual([])
    const repaired = carriedOut(work.bytes, plan)
    using scratch = new Scratch('qcow2-plan')
    const path = writeImage(scratch.path, repaired, healthy.companions)
    const { status, stdout, stderr } = qemu('qemu-img', ['check', ...openArguments(shape, path)])
    expect([status, plan.after.verdict], stdout + stderr).toEqual([0, 'consistent'])
    for (const [id, content] of healthy.contents)
      expect((await readDisk(shape, path, id, scratch.file('raw')))?.digest).toBe(content.digest)
    expect((await planOf(repaired)).actions).toEqual([])
  })
})
