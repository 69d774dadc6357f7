import { expect, test } from 'vitest'
import { subclusterBitmap, subclustersValid } from '../../src/format/index.ts'

test('the lower half is what is allocated, the upper what reads as zeros', () => {
  expect(subclusterBitmap(0x80000001, -1)).toEqual({ zero: 0x80000001, allocated: 0xffffffff })
})

test.each([
  ['allocated', 0x0000000f, 0xfffffff0, true],
  ['allocated', 0xffffffff, 0, true],
  ['allocated', 0x80000000, 0x80000000, false],
  ['unallocated', 0, 0xffffffff, true],
  ['unallocated', 1, 0, false],
  ['compressed', 0, 0, true],
  ['compressed', 0, 1, false],
  ['compressed', 1, 0, false],
] as const)('%s, allocated %i, zero %i: %s', (kind, allocated, zero, valid) => {
  expect(subclustersValid({ allocated, zero }, kind)).toBe(valid)
})
