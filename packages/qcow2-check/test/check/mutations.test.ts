import fc from 'fast-check'
import { expect, test } from 'vitest'
import { surveyWith } from '../../src/check/run-survey.ts'
import { Qcow2Error } from '../../src/errors.ts'
import { type Image, openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'

const RUNS = Number(process.env.QCOW2_RUNS ?? 250)

/** Where, as a share of the file or of its first 4 KiB, and what is put there. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  inHeader: fc.boolean(),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 16 }),
    fc.constantFrom(
      new Uint8Array(8),
      new Uint8Array(8).fill(0xff),
      Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0),
      Uint8Array.of(0x40, 0, 0, 0, 0, 0, 2, 0),
      Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0),
    ),
  ),
})

async function openMutated(bytes: Uint8Array): Promise<Image | undefined> {
  try {
    return await openImage(new MemorySource(bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(Qcow2Error)
    return undefined
  }
}

test.each(['v3-512', 'zlib-4k', 'v3-64k-none', 'ext-16k', 'bitmaps-512', 'rc1-512', 'zstd-512'])(
  '%s, mutated: findings, never an error, and both kernels find the same',
  async (name) => {
    const healthy = await makeHealthy(shapeNamed(name))
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 6 }), async (mutations) => {
        const bytes = Buffer.from(healthy.bytes)
        for (const { at, inHeader, bytes: what } of mutations) {
          const room = (inHeader ? Math.min(4096, bytes.length) : bytes.length) - 16
          // Entries are what is mostly hit.
          bytes.set(what, Math.floor((at * room) / 8) * 8)
        }
        const image = await openMutated(bytes)
        if (image === undefined) return
        const [plain, wasm] = await Promise.all([
          surveyWith(image, { data: true }, { kernel: 'plain' }),
          surveyWith(image, { data: true }, { kernel: 'wasm' }),
        ])
        expect(wasm.counts).toEqual(plain.counts)
        expect(wasm.findings).toEqual(plain.findings)
        expect(wasm.crossLinked).toEqual(plain.crossLinked)
        expect(wasm.leaked).toEqual(plain.leaked)
        let uses = 0
        await plain.visit(() => uses++)
        expect(uses).toBeGreaterThan(0)
      }),
      { numRuns: RUNS },
    )
  },
)
