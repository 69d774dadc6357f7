import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { carriedOut } from './carried-out.ts'

async function damaged(shape: string, name: string, allow: readonly ConsentClass[]) {
  const damage = DAMAGES.find((one) => one.name === name)
  const made = damage && (await makeCase(shapeNamed(shape), damage))
  if (made === undefined) throw new Error(`no ${name} of ${shape}`)
  const image = await openImage(new MemorySource(Buffer.from(made.bytes)))
  return { made, plan: await planRepair(image, await survey(image), { allow }) }
}

describe.each(['ext-64k', 'ext-16k'])('subclusters of %s', (shape) => {
  it('finds the cluster again that the allocated ones must lie in', async () => {
    const { made, plan } = await damaged(shape, 'l2-entry/subclusters-unallocated', [])
    expect(plan.actions.map((action) => action.class)).toContain('restore-mapping')
    expect(plan.after.verdict).toBe('consistent')
    const entry = made.bytes.findIndex((byte, at) => byte !== made.healthy.bytes[at])
    const at = entry - (entry % 16)
    expect(carriedOut(made.bytes, plan).readBigUInt64BE(at)).toBe(made.healthy.bytes.readBigUInt64BE(at))
  })

  it('keeps what is allocated where nothing else was ever zeroed, but only if it is allowed to', async () => {
    const asked = await damaged(shape, 'l2-entry/subclusters-both', [])
    expect(asked.plan.wanted.map((one) => one.class)).toEqual(['clear-reserved'])
    const { made, plan } = await damaged(shape, 'l2-entry/subclusters-both', ['clear-reserved'])
    expect(plan.after.verdict).toBe('consistent')
    expect(carriedOut(made.bytes, plan).equals(made.healthy.bytes)).toBe(true)
  })
})
