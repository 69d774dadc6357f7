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
