import { expect, test } from 'vitest'
import { MemorySource } from '../../src/source/index.ts'

test('reads what is there', () => {
  const source = new MemorySource(Uint8Array.of(1, 2, 3), 'three')
  const target = new Uint8Array(4)
  expect([source.name, source.size]).toEqual(['three', 3])
  expect(source.read(target, 1)).toBe(2)
  expect(target).toEqual(Uint8Array.of(2, 3, 0, 0))
  expect(source.read(target, 3)).toBe(0)
  expect(source.read(target, 2 ** 52)).toBe(0)
})

test('grows and shrinks; what comes back is zeros', () => {
  const source = new MemorySource(Uint8Array.of(1, 2, 3))
  source.write(Uint8Array.of(9), 5)
  expect(source.bytes).toEqual(Uint8Array.of(1, 2, 3, 0, 0, 9))
  source.truncate(1)
  source.truncate(4)
  expect(source.bytes).toEqual(Uint8Array.of(1, 0, 0, 0))
})
