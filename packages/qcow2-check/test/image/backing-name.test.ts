import { expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'

/** What stands in the place of the name, and if it can be one. */
test.each([
  ['a name', Buffer.from('base.qcow2!!'), []],
  ['a name in Latin-1', Buffer.from('caf\u00e9.qcow2  ', 'latin1'), []],
  ['a name of control characters', Buffer.from('\u0001\u0002\u0003base.raw!'), []],
  ['a name with a zero', Buffer.from('base\0.qcow2!'), ['header-backing-name']],
  ['rubbish', Buffer.from('7cfe9d0cf180aa01ff17c3fe', 'hex'), ['header-backing-name']],
] as const)('%s where the name of the backing file is', async (_what, name, codes) => {
  const { bytes } = await makeHealthy(shapeNamed('backed-4k'))
  const image = Buffer.from(bytes)
  name.copy(image, Number(image.readBigUInt64BE(8)))
  image.writeUInt32BE(name.length, 16)
  const { findings } = await openImage(new MemorySource(image))
  expect(findings.map(({ code }) => code)).toEqual(codes)
})
