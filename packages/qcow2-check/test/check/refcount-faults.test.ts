import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { surveyWith } from '../../src/check/run-survey.ts'
import { getRefcount, maxRefcount, readEntry, reftableOffset, setRefcount } from '../../src/format/index.ts'
import { type Image, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { SHAPES, type Shape } from '../corpus/shape.ts'
import { qemuCheckBytes } from './qemu-check.ts'

const RUNS = Number(process.env.QCOW2_RUNS ?? 4)

/** A change of one refcount: where, as a share of all clusters, and to what. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.constantFrom(1, 1, 2, 9),
  value: fc.constantFrom<'zero' | 'more' | 'less' | 'two' | 'most'>('zero', 'more', 'less', 'two', 'most'),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

describe('images with only refcount faults', () => {
  test.each(SHAPES)('$name: the counts of qemu-img', async (shape) => {
    const healthy = await makeHealthy(shape)
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = Buffer.from(healthy.bytes)
        const image = await openImage(new MemorySource(bytes))
        for (const one of changes) perturb(image, bytes, one)
        await compare(shape, bytes, healthy.companions)
      }),
      { numRuns: RUNS },
    )
  })
})

async function compare(shape: Shape, bytes: Buffer, companions: ReadonlyMap<string, Buffer>): Promise<void> {
  const check = qemuCheckBytes(shape, bytes, companions)
  for (const kernel of ['plain', 'wasm'] as const) {
    const found = await surveyWith(await openImage(new MemorySource(bytes)), {}, { kernel })
    expect(found.counts, check.stderr).toEqual(check.counts)
    expect({ consistent: 0, leaks: 3, corrupt: 2, incomplete: 1 }[found.verdict]).toBe(check.status)
  }
}

/** Writes refcounts into the blocks that there are. */
function perturb({ geometry, refcountTable }: Image, bytes: Buffer, { at, length, value }: Change): void {
  const { refcountBlockEntries: perBlock, refcountOrder: order, clusterSize } = geometry
  const clusters = Math.ceil(bytes.length / clusterSize)
  const first = Math.floor(at * clusters)
  for (let cluster = first; cluster < Math.min(clusters, first + length); cluster++) {
    const index = Math.floor(cluster / perBlock)
    if (index * 8 >= refcountTable.length) return
    const { high, low } = readEntry(bytes.subarray(refcountTable.offset), index)
    const offset = reftableOffset(high, low)
    if (offset === 0) continue
    const block = bytes.subarray(offset, offset + clusterSize)
    const before = getRefcount(block, order, cluster % perBlock)
    const most = maxRefcount(order)
    const after = { zero: 0, more: before + 1, less: before - 1, two: 2, most }[value]
    setRefcount(block, order, cluster % perBlock, Math.max(0, Math.min(most, after)))
  }
}
