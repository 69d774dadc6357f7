import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apportion, type Candidate, shareOut } from '../../src/wire/index.ts'

const exact = (code: string, value: bigint) => ({ code, kind: 'exact', value, low: value, high: value })
const bounded = (code: string, value: bigint, low: bigint, high: bigint) => ({
  code,
  kind: 'bounded',
  value,
  low,
  high,
})

describe('shares of a gap', () => {
  test.each<[string, bigint, Candidate<string>[], object[]]>([
    ['nobody to blame', 5n, [], [exact('unexplained', 5n)]],
    ['the only one has all', 5n, [{ code: 'a', low: 0n }], [exact('a', 5n)]],
    [
      'one that could not have so much',
      5n,
      [{ code: 'a', low: 0n, high: 3n }],
      [exact('a', 3n), exact('unexplained', 2n)],
    ],
    [
      'one that must have more',
      5n,
      [{ code: 'a', low: 9n, high: 9n }],
      [exact('a', 9n), exact('unexplained', -4n)],
    ],
    [
      'what is likely comes first',
      10n,
      [
        { code: 'a', low: 0n, high: 8n, likely: 6n },
        { code: 'b', low: 0n },
      ],
      [bounded('a', 6n, 0n, 8n), bounded('b', 4n, 2n, 10n)],
    ],
    [
      'two that leave each other no room',
      10n,
      [
        { code: 'a', low: 0n, high: 4n },
        { code: 'b', low: 6n, high: 6n },
      ],
      [exact('a', 4n), exact('b', 6n)],
    ],
    [
      'too much logged: the same the other way round',
      -10n,
      [
        { code: 'a', low: 0n, high: 4n },
        { code: 'b', low: 0n, high: 20n, likely: 7n },
      ],
      [bounded('a', -3n, -4n, 0n), bounded('b', -7n, -10n, -6n)],
    ],
  ])('%s', (_, gap, candidates, shares) => {
    expect(shareOut(gap, candidates)).toEqual(shares)
  })
})

test('shares add up to the whole, each within what it could be', () => {
  const candidate = fc
    .record({ low: fc.bigInt(-100n, 100n), width: fc.option(fc.bigInt(0n, 100n)), at: fc.bigInt(0n, 100n) })
    .map(({ low, width, at }, index = 0) => ({
      code: String(index),
      low,
      ...(width !== null && { high: low + width, likely: low + (at * width) / 100n }),
    }))
  fc.assert(
    fc.property(fc.bigInt(-500n, 500n), fc.array(candidate, { maxLength: 5 }), (gap, candidates) => {
      const shares = apportion(gap, candidates)
      expect(shares.reduce((sum, { value }) => sum + value, 0n)).toBe(gap)
      for (const { code, value, low, high } of shares) {
        expect(low <= value && value <= high).toBe(true)
        expect(
          code === 'unexplained' || candidates.some((one) => one.low <= low && (one.high ?? high) >= high),
        ).toBe(true)
      }
    }),
  )
})
