import { expect, test } from 'vitest'
import { isTolerated, parseTolerance, toleratedBytes } from '../../src/reconcile/index.ts'

test.each<[string, object | undefined]>([
  ['500', { bytes: 500n }],
  ['0', { bytes: 0n }],
  ['0.1%', { share: 0.001 }],
  ['.5%', { share: 0.005 }],
  ['100%', { share: 1 }],
  ['0.1', undefined],
  ['-1', undefined],
  ['1 %', undefined],
  ['1e3', undefined],
  ['', undefined],
])('%s', (text, tolerance) => {
  expect(parseTolerance(text)).toEqual(tolerance)
})

test('a share of bytes beyond 2^53 is exact, and a gap of either sign counts', () => {
  const whole = 10n ** 20n
  expect(toleratedBytes({ share: 0.001 }, whole)).toBe(10n ** 17n)
  expect(isTolerated(10n ** 17n, { share: 0.001 }, whole)).toBe(true)
  expect(isTolerated(-(10n ** 17n) - 1n, { share: 0.001 }, whole)).toBe(false)
  expect(isTolerated(1n, { bytes: 0n }, whole)).toBe(false)
})
