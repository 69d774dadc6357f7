import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BlockSource, MemorySource, OverlaySource } from '../../src/source/index.ts'

function numbered(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 255)
}

/** The same bytes, answered later and in short pieces, as a network would. */
function slow(bytes: Uint8Array): BlockSource {
  const memory = new MemorySource(bytes)
  return {
    name: 'slow',
    size: bytes.length,
    read: async (target, offset) => memory.read(target.subarray(0, 1000), offset),
  }
}

async function contents(source: BlockSource): Promise<Uint8Array> {
  const bytes = new Uint8Array(source.size).fill(0xee)
  expect(await source.read(bytes, 0)).toBe(bytes.length)
  return bytes
}

type Step =
  | { readonly write: number; readonly length: number; readonly fill: number }
  | { readonly truncate: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.nat(40000), length: fc.nat(9000), fill: fc.nat(255) }) },
  { weight: 1, arbitrary: fc.record({ truncate: fc.nat(40000) }) },
)

describe.each([
  ['at once', (bytes: Uint8Array): BlockSource => new MemorySource(bytes)],
  ['later', slow],
])('over a base that answers %s', (_, over) => {
  test('reads as a copy that was written to would, and its changes make that copy', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30000),
        fc.array(step, { maxLength: 12 }),
        fc.nat(40),
        async (size, steps, joined) => {
          const original = numbered(size)
          const overlay = new OverlaySource(over(original.slice()))
          const model = new MemorySource(original.slice())
          for (const step of steps) {
            if ('truncate' in step) {
              await overlay.truncate(step.truncate)
              model.truncate(step.truncate)
            } else {
              const bytes = new Uint8Array(step.length).fill(step.fill)
              await overlay.write(bytes, step.write)
              model.write(bytes, step.write)
            }
          }
          expect(overlay.size).toBe(model.size)
          expect(Buffer.compare(await contents(overlay), model.bytes)).toBe(0)

          const applied = new MemorySource(original.slice())
          applied.truncate(overlay.size)
          let end = -1
          for (const { offset, before, after } of overlay.changes(joined)) {
            expect(offset).toBeGreaterThanOrEqual(end)
            end = offset + after.length
            expect(end).toBeLessThanOrEqual(overlay.size)
            expect(Buffer.compare(before, original.subarray(offset, offset + after.length))).toBe(0)
            applied.write(after, offset)
          }
          expect(Buffer.compare(applied.bytes, model.bytes)).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('answers at once over a base that does', () => {
  const overlay = new OverlaySource(new MemorySource(numbered(10000)))
  expect(overlay.write(new Uint8Array(3), 5000)).toBeUndefined()
  expect(overlay.read(new Uint8Array(100), 4990)).toBe(100)
  expect(overlay.truncate(20)).toBeUndefined()
})

test('keeps memory to what was touched', () => {
  const base = { name: 'large', size: 2 ** 50, read: (target: Uint8Array) => target.fill(1).length }
  const overlay = new OverlaySource(base)
  overlay.write(new Uint8Array(8), 2 ** 49)
  expect(overlay.memory).toBeLessThan(20000)
  expect([...overlay.changes()]).toEqual([
    { offset: 2 ** 49, before: new Uint8Array(8).fill(1), after: new Uint8Array(8) },
  ])
})

test.each([
  ['nothing written that differs', [[0, 4]], 16, []],
  [
    'neighbours that are near',
    [
      [100, 1],
      [108, 1],
    ],
    16,
    [[100, 9]],
  ],
  [
    'the same, apart',
    [
      [100, 1],
      [108, 1],
    ],
    6,
    [
      [100, 1],
      [108, 1],
    ],
  ],
  ['over the edge of a page', [[4090, 12]], 16, [[4090, 12]]],
] as const)('%s', (_, writes, joined, expected) => {
  const overlay = new OverlaySource(new MemorySource(new Uint8Array(20000)))
  for (const [offset, length] of writes)
    overlay.write(new Uint8Array(length).fill(offset === 0 ? 0 : 9), offset)
  expect([...overlay.changes(joined)].map(({ offset, after }) => [offset, after.length])).toEqual(expected)
})

test('cuts a long run into pieces', () => {
  const overlay = new OverlaySource(new MemorySource(new Uint8Array(0)))
  overlay.write(new Uint8Array(3 * 1024 * 1024).fill(1), 0)
  const lengths = [...overlay.changes()].map(({ after }) => after.length)
  expect(lengths).toEqual([1048576, 1048576, 1048576])
})

test('refuses a write into a page whose base is not there any more', () => {
  const overlay = new OverlaySource({ name: 'shrunk', size: 10000, read: () => 0 })
  expect(() => overlay.write(new Uint8Array(1), 0)).toThrow(expect.objectContaining({ code: 'unreadable' }))
})

test('an overlay over an overlay changes only itself', async () => {
  const lower = new OverlaySource(new MemorySource(numbered(9000)))
  lower.write(Uint8Array.of(1, 2, 3), 10)
  const upper = new OverlaySource(lower)
  upper.write(Uint8Array.of(9), 11)
  expect([...upper.changes()]).toEqual([{ offset: 11, before: Uint8Array.of(2), after: Uint8Array.of(9) }])
  expect((await contents(lower)).subarray(10, 13)).toEqual(Uint8Array.of(1, 2, 3))
})
