import { expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'

it.each(['backed-4k', 'v2-4k'])(
  '%s: never empties an entry whose table was cut off with the end of the file',
  async (shape) => {
    const damage = DAMAGES.find(({ name }) => name === 'length/tail')
    const made = damage && (await makeCase(shapeNamed(shape), damage))
    if (made === undefined) throw new Error(`no length/tail of ${shape}`)
    const image = await openImage(new MemorySource(Buffer.from(made.bytes)))
    const found = await survey(image)
    expect(found.findings.map(({ code }) => code)).toContain('truncated')
    const { actions } = await planRepair(image, found)
    const { offset, entries } = image.activeL1
    const emptied = actions
      .flatMap(({ writes }) => writes)
      .filter((write) => write.offset >= offset && write.offset < offset + entries * 8)
      .filter((write) => write.after.every((byte) => byte === 0))
    expect(emptied).toEqual([])
  },
)
