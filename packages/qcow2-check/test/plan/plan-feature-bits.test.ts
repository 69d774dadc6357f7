import { expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Workpiece } from '../corpus/workpiece.ts'
import { carriedOut } from './carried-out.ts'

const DATA_FILE = 4n
const EXTENDED_L2 = 16n

async function flipped(shape: string, bit: bigint): Promise<Workpiece> {
  const work = new Workpiece(await makeHealthy(shapeNamed(shape)))
  work.change(72, (bits) => bits ^ bit)
  return work
}

async function planOf(bytes: Buffer, allow: readonly ConsentClass[] = []) {
  const image = await openImage(new MemorySource(bytes))
  return planRepair(image, await survey(image), { allow })
}

it.each([
  // QEMU opens none of these: nothing that anybody reads changes.
  ['v3-64k', DATA_FILE, []],
  ['v3-512', DATA_FILE, []],
  ['zstd-64k', DATA_FILE, []],
  ['v3-512', EXTENDED_L2, []],
  // These it opens, and reads something.
  ['v3-64k', EXTENDED_L2, ['relink']],
  ['ext-64k', EXTENDED_L2, ['relink']],
  ['ext-16k', EXTENDED_L2, ['relink']],
] as const)('%s, with bit %i the other way: the image is what it was', async (shape, bit, consent) => {
  const work = await flipped(shape, bit)
  const { bytes: before } = await makeHealthy(shapeNamed(shape))
  const first = await planOf(work.bytes)
  expect(first.refused).toEqual([])
  if (consent.length > 0) {
    expect(first.actions).toEqual([])
    expect(first.wanted.map((one) => one.class)).toEqual(consent)
  }
  const plan = consent.length > 0 ? await planOf(work.bytes, consent) : first
  expect(carriedOut(work.bytes, plan).equals(before)).toBe(true)
})

it('stays where the data is really in another file, which is not there', async () => {
  const { bytes } = await makeHealthy(shapeNamed('data-64k'))
  const plan = await planOf(bytes)
  expect(plan.actions).toEqual([])
})

it('stays where something else is broken too: then nothing proves it', async () => {
  const work = await flipped('v3-64k', DATA_FILE)
  work.zero(work.dataOf(work.active)[0]?.entry ?? 0, 8)
  const plan = await planOf(work.bytes)
  expect(plan.actions.filter(({ id }) => id.includes('data-file-missing'))).toEqual([])
})
