import { describe, expect, it } from 'vitest'
import { crashStates } from '../corpus/crash-matrix.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { healAndRead } from './heal.ts'
import { evidenceOf } from './look.ts'

describe('a snapshot that was being made when the storage went away', async () => {
  const healthy = await makeHealthy(shapeNamed('v3-64k-two'))
  const states = crashStates(healthy)

  it('has 128 states', () => expect(states).toHaveLength(128))

  it.each(states.map(({ written, bytes }) => ({ bytes, name: written.join(' ') || 'nothing' })))(
    'old snapshots survive and no wrong new one is certain: $name',
    async ({ bytes }) => {
      const evidence = await evidenceOf(bytes)
      using scratch = new Scratch()
      const { snapshots } = await healAndRead(healthy, bytes, evidence, scratch)
      const old = healthy.layout.disks.slice(1)
      for (const { id, l1 } of old)
        expect(snapshots.get(l1.offset)?.digest).toBe(healthy.contents.get(id)?.digest)
      const places = old.map(({ l1 }) => l1.offset)
      for (const [offset, content] of snapshots)
        if (!places.includes(offset)) expect(content?.digest).toBe(healthy.contents.get(undefined)?.digest)
    },
  )
})
