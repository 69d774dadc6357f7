import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFeatureNames, encodeFeatureNames } from '../../src/format/index.ts'

const names = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'incompatible',
      'compatible',
      'autoclear',
      'unknown',
    ) as fc.Arbitrary<'incompatible'>,
    bit: fc.nat(63),
    name: fc.string({ unit: 'grapheme-ascii', maxLength: 46 }),
  }),
  { maxLength: 8 },
)

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(names, (list) => {
      const bytes = encodeFeatureNames(list)
      expect(bytes.length).toBe(list.length * 48)
      expect(decodeFeatureNames(bytes)).toEqual(list)
    }),
  )
})

test('a last entry that is not whole is left out', () => {
  expect(decodeFeatureNames(new Uint8Array(95))).toHaveLength(1)
})
