import { expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { damagedCase } from '../recover/look.ts'

/** The guest keeps a copy of the image's own snapshot table, as one does that backs images up. */
test.each(['l2/zeroed', 'l2/sector-zeroed', 'l2/garbage'])(
  'a copy of the snapshot table among data that %s lost is not freed',
  async (damage) => {
    const { bytes } = await damagedCase('decoys-4k', damage)
    const image = await openImage(new MemorySource(Buffer.from(bytes)))
    const { actions } = await planRepair(image, await survey(image))
    const lowered = actions.filter((action) => action.code === 'leak')
    expect(lowered).toEqual([])
  },
)

test('the table that has the name of a snapshot of an empty disk is not freed', async () => {
  const { bytes } = await damagedCase('blank-64k', 'snapshot-table/pointer-zeroed')
  const source = new MemorySource(Buffer.from(bytes))
  const image = await openImage(source)
  const safe = await planRepair(image, await survey(image))
  expect(safe.actions).toEqual([])
  expect(safe.wanted.map((named) => named.class)).toEqual(['adopt-snapshot'])
  const { actions, after } = await planRepair(image, await survey(image), { allow: ['adopt-snapshot'] })
  for (const { writes } of actions) for (const write of writes) source.write(write.after, write.offset)
  expect(after.verdict).toBe('consistent')
  expect((await openImage(source)).snapshots.entries.map(({ name }) => name)).toEqual(['s1'])
})
