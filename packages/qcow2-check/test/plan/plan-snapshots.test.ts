import { describe, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { combine } from '../corpus/combined.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'

describe('a table that is written over behind a snapshot of which nothing is left', () => {
  it('says so, and names no snapshot that stays as it is', async () => {
    const names = ['snapshot-l1/garbage', 'snapshot-table/overwritten-tail', 'snapshot-l1/all-zeroed']
    const damages = names.flatMap((name) => DAMAGES.filter((damage) => damage.name === name))
    const one = await combine(shapeNamed('grown-4k'), damages)
    const image = await openImage(new MemorySource(one?.bytes ?? Buffer.alloc(0)))
    const { actions } = await planRepair(image, await survey(image))
    const [action] = actions.filter(({ class: name }) => name === 'restore-snapshots')
    expect(action?.why).toBe('the header points to a table of 1 snapshot; of 1 nothing but the entry is left')
    expect(action?.snapshots).not.toContain('1')
    expect(action?.snapshots).toHaveLength(1)
  })
})
