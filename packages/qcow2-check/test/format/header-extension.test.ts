import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHeaderExtensions, encodeHeaderExtensions } from '../../src/format/index.ts'

const extension = fc.record({
  type: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  data: fc.uint8Array({ maxLength: 60 }),
})

test('what is encoded decodes to itself, from any place', () => {
  fc.assert(
    fc.property(fc.array(extension, { maxLength: 6 }), fc.constantFrom(72, 104, 112), (list, start) => {
      const encoded = encodeHeaderExtensions(list)
      const cluster = new Uint8Array(start + encoded.length + 100).fill(0xaa)
      cluster.set(encoded, start)
      const { extensions, brokenAt } = decodeHeaderExtensions(cluster, start, cluster.length)
      expect(brokenAt).toBeUndefined()
      expect(extensions.map(({ type, data }) => ({ type, data }))).toEqual(list)
      if (list.length > 0) expect(extensions[0]?.offset).toBe(start)
    }),
  )
})

test('decoding ends, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(500), fc.nat(500), (bytes, start, end) => {
      const { extensions, brokenAt } = decodeHeaderExtensions(bytes, start, end)
      for (const { offset, data } of extensions)
        expect(offset + 8 + data.length).toBeLessThanOrEqual(Math.min(end, bytes.length))
      if (brokenAt !== undefined)
        expect(brokenAt.offset + 8 + brokenAt.length).toBeGreaterThan(Math.min(end, bytes.length))
    }),
  )
})

describe('stops', () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
  test.each([
    [
      'at the end marker',
      '00000001 00000001 ff00000000000000 00000000 00000000 00000002 00000000',
      [1],
      undefined,
    ],
    ['where the room ends', '00000001 00000000', [1], undefined],
    [
      'where not even its type and length fit',
      '00000001 00000000 000000',
      [1],
      { offset: 8, type: 0, length: 0 },
    ],
    ['at an end marker with a length', '00000000 00000001', [], { offset: 0, type: 0, length: 1 }],
    [
      'at a length beyond the end',
      '00000001 00000000 00000002 00000009 00',
      [1],
      { offset: 8, type: 2, length: 9 },
    ],
    ['at a length of 4 GiB', '00000003 ffffffff', [], { offset: 0, type: 3, length: 2 ** 32 - 1 }],
  ] as const)('%s', (_, text, types, brokenAt) => {
    const bytes = hex(text)
    const result = decodeHeaderExtensions(bytes, 0, bytes.length)
    expect(result.extensions.map(({ type }) => type)).toEqual(types)
    expect(result.brokenAt).toEqual(brokenAt)
  })
})
