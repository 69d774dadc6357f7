import './utc.ts'
import { describe, expect, it } from 'vitest'
import {
  formatLength,
  formatMoment,
  formatRange,
  formatSpan,
  formatTick,
  formatTime,
} from '../../src/coverage/times.ts'

const at = (text: string) => Date.parse(`${text}Z`) / 1000
const now = at('2026-06-01T00:00:00')

describe('texts of times', () => {
  it.each([
    [1, '1s'],
    [60, '1m'],
    [90, '1m30s'],
    [1800, '30m'],
    [3600, '1h'],
    [129_600, '1d12h'],
  ])('a span of %d s is %s', (seconds, text) => expect(formatSpan(seconds)).toBe(text))

  it.each([
    [60, '60s'],
    [5400, '90m'],
    [86_400, '24h'],
    [172_800, '2d'],
    [90 * 86_400, '90d'],
    [1460 * 86_400, '4y'],
  ])('a length of %d s is %s', (seconds, text) => expect(formatLength(seconds)).toBe(text))

  it.each([
    ['2026-03-12T04:00:00', '2026-03-12T07:00:00', '12 Mar 04:00-07:00'],
    ['2026-03-12T04:00:00', '2026-03-14T07:30:00', '12 Mar 04:00 - 14 Mar 07:30'],
    ['2025-12-31T23:00:00', '2026-01-01T01:00:00', '31 Dec 2025 23:00 - 1 Jan 01:00'],
    ['2026-03-12T04:00:00', '2026-03-12T04:00:07', '12 Mar 04:00-04:00:07'],
  ])('from %s to %s', (from, to, text) => expect(formatRange(at(from), at(to), now)).toBe(text))

  it('says what no calendar can', () => {
    expect(formatTime(2 ** 60)).toBe(`@${2 ** 60}`)
    expect(formatRange(2 ** 60, 2 ** 61, now)).toContain(`@${2 ** 60}`)
    expect(formatMoment(-(2 ** 60), now)).toBe(`@${-(2 ** 60)}`)
    expect(formatTick(2 ** 60, 60)).toBe(`@${2 ** 60}`)
    expect(formatTime(-86_400)).toBe('1969-12-31 00:00')
  })
})
