import { expect, it } from 'vitest'
import { scratch } from '../support/tree.ts'
import { killInPlaceAtRandom } from './kill-in-place.ts'

it('SIGKILL at 100 random points of merges in place: with its journal the file is as before or as after', async () => {
  const figures = await killInPlaceAtRandom(scratch(), { rounds: 100 })
  expect(figures.rounds).toBe(100)
  expect(figures.before + figures.after).toBe(100)
  expect(figures.journals).toBeGreaterThan(10)
  expect(figures.torn).toBeGreaterThan(0)
  // Whatever a journal was found for, the next run said what it did with it.
  expect(figures.told).toBe(figures.journals)
}, 120_000)
