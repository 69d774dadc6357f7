import fc from 'fast-check'
import { expect, test } from 'vitest'
import { getRefcount, maxRefcount, setRefcount } from '../../src/format/index.ts'

const orders = fc.integer({ min: 0, max: 6 })

test('what is set is got, and the others stay', () => {
  fc.assert(
    fc.property(
      orders,
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc.nat(),
      fc.nat(2 ** 31 - 1),
      (order, block, place, wish) => {
        const count = (64 * 8) / 2 ** order
        const index = place % count
        const value = Math.min(wish, maxRefcount(order))
        const before = Array.from({ length: count }, (_, at) => getRefcount(block, order, at))
        setRefcount(block, order, index, value)
        const after = Array.from({ length: count }, (_, at) => getRefcount(block, order, at))
        expect(after).toEqual(before.with(index, value))
      },
    ),
  )
})

/** Widths below a byte fill it from its lowest bit; wider ones are big-endian. */
test.each([
  [0, 'a1', [1, 0, 0, 0, 0, 1, 0, 1]],
  [1, 'e4', [0, 1, 2, 3]],
  [2, '21f0', [1, 2, 0, 15]],
  [3, '00ff7f', [0, 255, 127]],
  [4, '0001ffff', [1, 65535]],
  [5, '0001000080000000', [65536, 2 ** 31]],
  [6, '0000000100000002001fffffffffffff', [2 ** 32 + 2, Number.MAX_SAFE_INTEGER]],
])('order %i: %s', (order, hex, values) => {
  const block = Buffer.from(hex, 'hex')
  expect(values.map((_, index) => getRefcount(block, order, index))).toEqual(values)
  const written = new Uint8Array(block.length).fill(0x5a)
  values.forEach((value, index) => {
    setRefcount(written, order, index, value)
  })
  expect(Buffer.from(written).toString('hex')).toBe(hex)
})

test.each([
  [0, 1],
  [1, 3],
  [2, 15],
  [3, 255],
  [4, 65535],
  [5, 2 ** 32 - 1],
  [6, Number.MAX_SAFE_INTEGER],
])('order %i counts to %i', (order, most) => {
  expect(maxRefcount(order)).toBe(most)
})
