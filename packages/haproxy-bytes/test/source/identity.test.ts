import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IdentityReader, type LogIdentity, relationOf } from '../../src/source/identity.ts'

function identityOf(text: Buffer, chunk = text.length || 1): LogIdentity {
  const reader = new IdentityReader()
  for (let at = 0; at < text.length; at += chunk) reader.write(text.subarray(at, at + chunk))
  return reader.identity()
}

/** A log: every line is different. */
const log = (lines: number, seed = 1): Buffer =>
  Buffer.from(
    Array.from({ length: lines }, (_, n) => `line ${n} of ${seed}: ${(n * 7919) ^ seed}\n`).join(''),
  )

const LONG = log(150_000)

describe('however it comes in chunks, a log is the same', () => {
  test.each([4096, 65_536, 1_048_576, 1_048_577, 3_000_000])('in chunks of %i', (chunk) => {
    expect(identityOf(LONG, chunk)).toEqual(identityOf(LONG))
  })

  test('with a line that is longer than all that is looked at closely', () => {
    const text = Buffer.concat([log(2), Buffer.alloc(200_000, 'x'), log(3)])
    for (const chunk of [1000, 65_536, 70_000]) expect(identityOf(text, chunk)).toEqual(identityOf(text))
  })

  test('of any size', () => {
    const small = log(40)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (chunk) => {
        expect(identityOf(small, chunk)).toEqual(identityOf(small))
      }),
    )
  })
})

describe('two readings of logs', () => {
  test.each<[string, Buffer, Buffer, string]>([
    ['the same', LONG, LONG, 'same'],
    ['grown by a line', log(3), log(4), 'prefix'],
    ['grown by half a line', log(3), Buffer.concat([log(3), Buffer.from('line')]), 'prefix'],
    ['grown much', log(3), LONG, 'prefix'],
    ['grown over a MiB', LONG.subarray(0, 1_200_000), LONG, 'prefix'],
    ['cut', LONG, LONG.subarray(0, 2_000_000), 'extension'],
    ['another log', log(100), log(100, 2), 'different'],
    [
      'another log after the same line',
      Buffer.concat([log(1), log(50)]),
      Buffer.concat([log(1), log(50, 2)]),
      'different',
    ],
    ['nothing', Buffer.alloc(0), LONG, 'different'],
    ['less than a line', LONG.subarray(0, 5), LONG, 'different'],
    ['a byte changed within a sample', LONG, changed(LONG, 2 ** 20 + 100), 'different'],
  ])('%s: %#', (_, one, other, relation) => {
    expect(relationOf(identityOf(one), identityOf(other))).toBe(relation)
  })

  test('any beginning of a log that holds a line is known as such', () => {
    const whole = log(300)
    const first = whole.indexOf(10) + 1
    fc.assert(
      fc.property(fc.integer({ min: first, max: whole.length - 1 }), (length) => {
        expect(relationOf(identityOf(whole.subarray(0, length)), identityOf(whole))).toBe('prefix')
      }),
    )
  })
})

function changed(text: Buffer, at: number): Buffer {
  const copy = Buffer.from(text)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}
