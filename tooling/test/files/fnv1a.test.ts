import { expect, it } from 'vitest'
import { fnv1a } from '../../src/files/index.ts'

// The test vectors of draft-eastlake-fnv, appendix C.
it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('hashes %j', (text, hash) => {
  expect(fnv1a(Buffer.from(text))).toBe(hash)
})
