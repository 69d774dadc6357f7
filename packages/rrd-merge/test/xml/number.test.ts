import { describe, expect, it } from 'vitest'
import { formatExact, formatRounded, parseDouble } from '../../src/xml/number.ts'

describe('formatRounded', () => {
  // Each line as rrdtool 1.7.2 printed the cell; test/oracle/number.test.ts asks it again, for random ones.
  it.each([
    [0, '0.0000000000e+00'],
    [-0, '0.0000000000e+00'],
    [1, '1.0000000000e+00'],
    [-2.25, '-2.2500000000e+00'],
    [12345.678, '1.2345678000e+04'],
    [9.99999999999, '1.0000000000e+01'],
    [1e-300, '1.0000000000e-300'],
    [1e100, '1.0000000000e+100'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'NaN'],
  ])('%s is %s', (value, text) => {
    expect(formatRounded(value)).toBe(text)
  })
})

describe('formatExact', () => {
  // As C's printf("%.17g") prints them.
  it.each([
    [0, '0'],
    [-0, '-0'],
    [0.1, '0.10000000000000001'],
    [1 / 3, '0.33333333333333331'],
    [100, '100'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [123456789012345680000, '1.2345678901234568e+20'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'NaN'],
  ])('%s is %s', (value, text) => {
    expect(formatExact(value)).toBe(text)
    expect(parseDouble(text)).toBe(value)
  })
})

describe('parseDouble', () => {
  it.each([
    ['NaN', Number.NaN],
    ['nan', Number.NaN],
    ['-nan', Number.NaN],
    ['-nan(0x8000000000000)', Number.NaN],
    ['1.#QNAN0000e+000', Number.NaN],
    ['-1.#IND000000e+000', Number.NaN],
    ['U', Number.NaN],
    ['UNKN', Number.NaN],
    ['inf', Number.POSITIVE_INFINITY],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['1.#INF', Number.POSITIVE_INFINITY],
    ['-1.#INF', Number.NEGATIVE_INFINITY],
    ['5.0000000000e-001', 0.5],
    ['5,0000000000e-01', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+7', 7],
    ['-1E3', -1000],
  ])('%s', (text, value) => {
    expect(parseDouble(text)).toBe(value)
  })

  it.each(['', ' ', '0x10', '1e', 'e5', '1.2.3', '1,000,000', '--1', 'NaNa', 'infin', '1 2', '.'])(
    'refuses %j',
    (text) => {
      expect(parseDouble(text)).toBeUndefined()
    },
  )
})
