import { describe, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { SHAPES } from '../corpus/shape.ts'
import { qemuCheckBytes } from './qemu-check.ts'

describe('healthy images of every shape', () => {
  test.each(SHAPES)('$name: no finding, and the counts of qemu-img', async (shape) => {
    const { bytes, companions } = await makeHealthy(shape)
    const dataFile = [...companions.entries()].find(([name]) => name.endsWith('.data'))?.[1]
    const image = await openImage(new MemorySource(bytes), {
      ...(dataFile && { dataFile: new MemorySource(dataFile) }),
    })
    const result = await survey(image, { data: true })
    const check = qemuCheckBytes(shape, bytes, companions)
    expect(result.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
    expect(result.counts).toEqual(check.counts)
    expect(result.verdict).toBe('consistent')
    expect(check.status).toBe(0)
  })
})
