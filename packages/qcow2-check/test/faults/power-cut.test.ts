import { existsSync, readFileSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/repair/index.ts'
import { carriedOut } from '../plan/carried-out.ts'
import { folder } from '../repair/sample.ts'
import { dice } from '../support/noise.ts'
import { CachedDisk } from './power-cut.ts'
import { type Repair, repairsOf } from './repairs.ts'
import { put, settled, undone, unwatched } from './unwatched.ts'

const rolls = dice('power cuts')

/** Which of the writes in the cache reached the disk: none, all, the last only, any; and any with one torn. */
const ARRIVALS: readonly ((unflushed: number) => { arrived: (index: number) => boolean; torn?: number })[] = [
  () => ({ arrived: () => false }),
  () => ({ arrived: () => true }),
  (unflushed) => ({ arrived: (index) => index === unflushed - 1 }),
  () => {
    const chosen = Array.from({ length: 64 }, () => rolls.next().value < 0.5)
    return { arrived: (index) => chosen[index % 64] === true }
  },
  (unflushed) => ({ arrived: (index) => index % 2 === 0, torn: Math.floor(rolls.next().value * unflushed) }),
]

/** Repairs until the power fails after so many steps; undefined where it got to the end. */
async function cutAfter(
  file: string,
  { before, plan }: Repair,
  steps: number,
): Promise<CachedDisk | undefined> {
  put(file, before)
  const disk = new CachedDisk(before, steps)
  const target = unwatched(file)
  try {
    await applyPlan(target, plan, { through: () => disk })
    return undefined
  } catch {
    return disk
  } finally {
    target.close()
  }
}

/** Cuts the power at every step; how many states of the disk were looked at. */
async function cutEverywhere(file: string, repair: Repair): Promise<number> {
  const { before, plan, name } = repair
  const after = carriedOut(before, plan)
  const journalFile = `${file}.undo-1`
  let states = 0
  for (let steps = 0; ; steps++) {
    const disk = await cutAfter(file, repair, steps)
    const journal = readFileSync(journalFile)
    rmSync(journalFile)
    if (disk === undefined) return states
    for (const arrival of ARRIVALS) {
      states++
      const { arrived, torn } = arrival(disk.unflushed)
      const left = disk.afterCut(arrived, torn)
      put(file, left)
      put(journalFile, journal)
      const { settlement, bytes } = settled(file)
      const wanted = settlement === 'complete' ? after : before
      expect(bytes.equals(wanted), `${name}: ${settlement} after ${steps} steps`).toBe(true)
      expect(settlement === 'complete', name).toBe(left.equals(after))
      expect(existsSync(journalFile), name).toBe(settlement === 'complete')
      put(file, left)
      put(journalFile, journal)
      expect((await undone(file)).equals(before), `${name}: undone after ${steps} steps`).toBe(true)
      rmSync(journalFile)
    }
  }
}

describe.each(['v3-512', 'v3-4k-two'])('repairs of %s images', (shape) => {
  it('in which the power fails: before, after or resumable, and undone to the byte', {
    timeout: 300_000,
  }, async () => {
    const file = `${folder()}/image.qcow2`
    let repairs = 0
    let states = 0
    for await (const repair of repairsOf(shape)) {
      states += await cutEverywhere(file, repair)
      repairs++
    }
    expect(repairs).toBeGreaterThan(20)
    expect(states).toBeGreaterThan(repairs * ARRIVALS.length)
  })
})
