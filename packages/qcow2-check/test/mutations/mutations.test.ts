import { describe, expect, test } from 'vitest'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { mutations } from './campaign.ts'

const M = 2 ** 20

/** 100,000 in all: most of those that cost least. */
const COUNTS: readonly (readonly [shape: string, count: number])[] = [
  ['v2-512', 16_000],
  ['rc1-512', 16_000],
  ['v3-4k-two', 16_000],
  ['v3-512', 9000],
  ['rc64-512', 9000],
  ['bitmaps-512', 6000],
  ['data-64k', 6000],
  ['backed-4k', 6000],
  ['zstd-512', 4000],
  ['zlib-4k', 4000],
  ['ext-16k', 4000],
  ['luks-64k', 2000],
  ['names-64k', 2000],
]

/** Of so many opened one is checked, mapped, planned. */
const SHARE = { check: 20, map: 60, plan: 500 }

describe('mutated images are opened, checked, mapped and planned for: findings and plans, never an error', () => {
  test('100,000 of them', () => {
    expect(COUNTS.reduce((sum, [, count]) => sum + count, 0)).toBe(100_000)
  })

  test.each(COUNTS)('%s: %i', { timeout: 240_000 }, async (shape, count) => {
    const healthy = await makeHealthy(shapeNamed(shape))
    const size = healthy.bytes.length
    const before = process.memoryUsage().rss
    const figures = await mutations(healthy, { count, share: SHARE })
    expect(figures.broken).toEqual([])
    expect(figures.images).toBe(count)
    expect(figures.opened).toBeGreaterThan(count / 2)
    expect(figures.checked).toBeGreaterThan(count / 40)
    expect(figures.mapped).toBeGreaterThan(count / 120)
    expect(figures.planned).toBeGreaterThan(count / 1000)
    // Whatever lengths a file claims, no buffer is larger than the file, or than what is read at once.
    expect(figures.largestRead).toBeLessThanOrEqual(Math.max(size, M))
    // A plan tries no further class once its drafts have read so much together (plan/wanted.ts).
    expect(figures.mostBytes).toBeLessThan(128 * M + 16 * size)
    expect(figures.mostReads).toBeLessThan(50_000)
    expect(figures.slowest).toBeLessThan(10)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * M)
  })
})
