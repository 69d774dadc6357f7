import { describe, expect, test } from 'vitest'
import { AssumptionSum } from '../../src/model/assumption-sum.ts'

function sumOf(lengths: readonly number[]): AssumptionSum {
  const sum = new AssumptionSum('no-compression')
  for (const bytes of lengths) sum.add(bytes, 1)
  return sum
}
const rows = (sum: AssumptionSum): string[] =>
  [...sum].map(({ bytes, requests }) => `${bytes} ${requests}`).sort()
const upTo = (count: number, step = 1): number[] => Array.from({ length: count }, (_, n) => n * step)

test('up to 64 different numbers are told as they are', () => {
  expect(rows(sumOf([...upTo(64), ...upTo(64)]))).toEqual(
    rows(sumOf(upTo(64))).map((row) => row.replace(/ 1$/, ' 2')),
  )
})

test('of more each is a power of two, and no less than what it stands for', () => {
  const all = [...sumOf(upTo(65))]
  expect(Object.fromEntries(all.map(({ bytes, requests }) => [bytes, requests]))).toEqual({
    0: 1,
    1: 1,
    2: 1,
    4: 2,
    8: 4,
    16: 8,
    32: 16,
    64: 32,
  })
})

test('a million answers of different lengths are few rows', () => {
  const all = [...sumOf(upTo(1_000_000, 7))]
  expect(all.length).toBeLessThan(64)
  expect(all.reduce((sum, { requests }) => sum + requests, 0)).toBe(1_000_000)
})

describe('in whatever order they come, and in whatever parts', () => {
  const lengths = upTo(200, 13)
  test.each([1, 10, 60, 64, 65, 150, 199])('parted at %i', (at) => {
    const [one, other] = [lengths.slice(0, at), lengths.slice(at)]
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const sum = sumOf(first)
      sum.merge(sumOf(second))
      expect(rows(sum)).toEqual(rows(sumOf(lengths)))
    }
  })
})
