import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IntervalSet } from '../../src/loss/index.ts'

const numbers = fc.array(fc.integer({ min: -5, max: 30 }), { maxLength: 60 })

function setOf(values: readonly number[]): IntervalSet {
  const set = new IntervalSet()
  for (const value of values) set.add(value)
  return set
}

test('it holds what was added, in whatever order, and knows what was added again', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const set = setOf(values)
      const distinct = new Set(values)
      const held = set
        .intervals()
        .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n))
      expect(held).toEqual([...distinct].sort((a, b) => a - b))
      expect([set.size, set.repeated]).toEqual([distinct.size, values.length - distinct.size])
      const [low, high] = [Math.min(...values), Math.max(...values)]
      const missing = Array.from({ length: Math.max(0, high - low + 1) }, (_, n) => low + n).filter(
        (n) => !distinct.has(n),
      )
      expect(
        set.gaps().flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n)),
      ).toEqual(missing)
    }),
    { numRuns: 2000 },
  )
})

test('merging is in any order the same', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      const left = setOf(a)
      left.merge(setOf(b))
      left.merge(setOf(c))
      const right = setOf(c)
      right.merge(setOf(a))
      right.merge(setOf(b))
      expect(left.intervals()).toEqual(setOf([...a, ...b, ...c]).intervals())
      expect(right.intervals()).toEqual(left.intervals())
      expect([left.repeated, right.repeated]).toEqual([left.repeated, left.repeated])
      expect(IntervalSet.from(left.intervals()).intervals()).toEqual(left.intervals())
    }),
  )
})

test('a counter of a day is one interval', () => {
  const set = new IntervalSet()
  for (let n = 0; n < 1_000_000; n++) set.add(n)
  expect(set.intervals()).toEqual([[0, 999_999]])
})
