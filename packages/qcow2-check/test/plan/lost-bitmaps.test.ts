import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeCase, writeImage } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { carriedOut } from './carried-out.ts'

async function dropped(shape: string, name: string) {
  const damage = DAMAGES.find((one) => one.name === `bitmaps/${name}`)
  const made = damage && (await makeCase(shapeNamed(shape), damage))
  if (made === undefined) throw new Error(`no ${name} of ${shape}`)
  const image = await openImage(new MemorySource(made.bytes))
  const plan = await planRepair(image, await survey(image), { allow: ['drop-bitmaps'] })
  return { plan, bytes: carriedOut(made.bytes, plan) }
}

describe.each(['directory-beyond-end', 'size-huge'])('%s: the directory is still in the file', (name) => {
  it.each(['bitmaps-64k', 'bitmaps-512'])('%s: all clusters of the bitmaps are free', async (shape) => {
    const { plan, bytes } = await dropped(shape, name)
    expect(plan.after.verdict).toBe('consistent')
    expect(plan.actions.map((action) => action.class)).not.toContain('pin-leaks')
    using scratch = new Scratch('qcow2-bitmaps')
    expect(qemu('qemu-img', ['check', writeImage(scratch.path, bytes, new Map())])).toMatchObject({
      status: 0,
    })
  })
})

describe.each(['table-unaligned', 'table-beyond-end'])('%s: the table is a bit away', (name) => {
  it('its clusters are free, if nothing else was in them', async () => {
    const { plan } = await dropped('bitmaps-64k', name)
    expect(plan.after.verdict).toBe('consistent')
  })

  it('they stay counted, if something else was', async () => {
    const { plan } = await dropped('bitmaps-512', name)
    expect(plan.after.verdict).toBe('leaks')
  })
})

it('tables and data stay counted where the directory reads as zeros', async () => {
  const { plan } = await dropped('bitmaps-64k', 'directory-zeroed')
  expect(plan.after.counts.leaks).toBe(4)
})
