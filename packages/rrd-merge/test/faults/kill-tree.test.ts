import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mergeJson } from '../support/cli.ts'
import { filesBelow, listing, scratch } from '../support/tree.ts'
import { killTreeAtRandom } from './kill-tree.ts'

it('SIGKILL at 100 random points of a tree merge leaves every file as before or as after', async () => {
  const folder = scratch()
  const { figures, tree } = await killTreeAtRandom(folder, { rounds: 100, files: 40 })
  expect(figures.rounds).toBe(100)
  // The kills must have hit: files on both sides, and half-written ones to clear away.
  expect(figures.before).toBeGreaterThan(500)
  expect(figures.after).toBeGreaterThan(500)
  expect(figures.leftovers).toBeGreaterThan(5)
  // The next run clears up and completes everything.
  const ran = mergeJson(['old', 'new'], { cwd: folder })
  expect(ran.status).toBe(0)
  expect(filesBelow(join(folder, 'new'))).toEqual([...tree.paths, 'only-new.rrd'].sort())
  const after = listing(join(folder, 'new'))
  expect(mergeJson(['old', 'new'], { cwd: folder }).totals).toMatchObject({
    merged: 0,
    copied: 0,
    unchanged: 41,
  })
  expect(listing(join(folder, 'new'))).toEqual(after)
}, 240_000)
