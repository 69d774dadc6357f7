import { expect, test } from 'vitest'
import { mendHeader, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'

/** What the method must have been, by the guest's data, and if that takes consent. */
test.each([
  ['aes-4k', 1, 'relink'],
  ['luks-64k', 2, 'fix-header'],
  ['v3-512', 0, 'fix-header'],
  ['zstd-64k', 0, 'fix-header'],
  ['blank-64k', 0, 'fix-header'],
] as const)('%s: an unknown encryption method was %i (%s)', async (shape, method, kind) => {
  const { bytes } = await makeHealthy(shapeNamed(shape))
  const damaged = Buffer.from(bytes)
  damaged.writeUInt32BE(0x5a, 32)
  const mends = await mendHeader(await openImage(new MemorySource(damaged)))
  expect(mends).toMatchObject([{ code: 'header-crypt-method', class: kind, offset: 32 }])
  expect([...(mends[0]?.bytes ?? [])]).toEqual([0, 0, 0, method])
})
