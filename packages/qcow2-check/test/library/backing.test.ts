import { expect, test } from 'vitest'
import { backingOf } from '../../src/library/backing.ts'
import type { BlockSource } from '../../src/source/index.ts'

const MIB = 2 ** 20

test('of a raw backing file with a bad sector no more than that sector is lost', async () => {
  const source: BlockSource = {
    name: 'raw',
    size: MIB,
    read(target, offset) {
      if (offset <= 70_000 && offset + target.length > 70_000) throw new Error('EIO: i/o error, read')
      return target.fill(7, 0, Math.min(target.length, MIB - offset)).length
    },
  }
  const member = { name: 'raw', source, format: 'raw' as const, size: MIB }
  const guest = backingOf({ members: [member], complete: true })
  const bytes = new Uint8Array(MIB + 100).fill(1)
  expect(await guest?.read(bytes, 0)).toEqual([{ offset: 69_632, length: 512, reason: 'read-error' }])
  expect(bytes.findIndex((byte) => byte !== 7)).toBe(69_632)
  expect(bytes.subarray(69_632, 70_144).every((byte) => byte === 0)).toBe(true)
  expect(bytes.subarray(70_144, MIB).every((byte) => byte === 7)).toBe(true)
  expect(bytes.subarray(MIB).every((byte) => byte === 0)).toBe(true)
})
