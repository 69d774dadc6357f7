import { describe, expect, it } from 'vitest'
import { decodeLaidOut } from '../../src/format/header.ts'
import { decodeHeader, type RrdHeader } from '../../src/format/index.ts'
import { structureOf } from '../../src/format/known-structure.ts'
import { layoutOf } from '../../src/format/layout.ts'
import { findLayout } from '../../src/format/measure.ts'
import { FIXTURES, fixture } from './fixtures.ts'

/** The whole header anew, whatever is known. */
const inFull = (bytes: Uint8Array): RrdHeader =>
  decodeLaidOut(bytes, bytes.length, findLayout(bytes, bytes.length))

describe.each(FIXTURES)('%s version %i, after others of its structure', (architecture, version) => {
  const read = () => fixture(architecture, version)
  const layout = layoutOf(inFull(read()))

  it('decodes to the same, whichever byte of the rest differs', () => {
    decodeHeader(read())
    for (let at = layout.liveHead; at < layout.length; at++) {
      const bytes = read()
      bytes[at] = (bytes[at] as number) ^ 1
      expect(outcome(() => decodeHeader(bytes))).toEqual(outcome(() => inFull(bytes)))
    }
  })

  it('is not taken for one whose structure or length differs', () => {
    decodeHeader(read())
    for (let at = 0; at < layout.liveHead; at++) {
      const bytes = read()
      bytes[at] = (bytes[at] as number) ^ 1
      expect(outcome(() => decodeHeader(bytes))).toEqual(outcome(() => inFull(bytes)))
    }
    const cut = read().subarray(0, -8)
    expect(outcome(() => decodeHeader(cut))).toEqual(outcome(() => inFull(cut)))
  })

  it('is known again only where the structure alone says how to read it', () => {
    const [first, second] = [decodeHeader(read()), decodeHeader(read())]
    const known = architecture.endsWith('64') && !architecture.includes('t64')
    expect(structureOf(first) !== undefined).toBe(known)
    expect(structureOf(second)).toBe(structureOf(first))
  })
})

function outcome(decode: () => RrdHeader): unknown {
  try {
    return decode()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return { code, message }
  }
}
