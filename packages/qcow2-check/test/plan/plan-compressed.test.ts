import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { carriedOut } from './carried-out.ts'

async function damaged(shape: string, name: string) {
  const damage = DAMAGES.find((one) => one.name === name)
  const made = damage && (await makeCase(shapeNamed(shape), damage))
  if (made === undefined) throw new Error(`no ${name} of ${shape}`)
  const image = await openImage(new MemorySource(Buffer.from(made.bytes)))
  return { made, plan: await planRepair(image, await survey(image)) }
}

describe.each(['zlib-4k', 'zstd-64k', 'zstd-512'])('compressed clusters of %s', (shape) => {
  it.each(['compressed/sectors', 'compressed/beyond-end'])(
    '%s: every byte comes back, safely',
    async (name) => {
      const { made, plan } = await damaged(shape, name)
      expect(plan.refused).toEqual([])
      expect(plan.actions.map((action) => action.class)).toEqual(['restore-mapping'])
      expect(carriedOut(made.bytes, plan).equals(made.healthy.bytes)).toBe(true)
    },
  )

  it('leaves an entry beyond the end alone where nothing that inflates is a bit away', async () => {
    const { made } = await damaged(shape, 'compressed/beyond-end')
    const mapped = made.healthy.layout.disks.flatMap((disk) => disk.mapped)
    const bytes = Buffer.from(made.bytes)
    for (const { kind, host, length } of mapped)
      if (kind === 'compressed') bytes.fill(0xff, host, host + length)
    const image = await openImage(new MemorySource(bytes))
    const plan = await planRepair(image, await survey(image))
    expect(plan.actions.map((action) => action.class)).not.toContain('restore-mapping')
  })
})
