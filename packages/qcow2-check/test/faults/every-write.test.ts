import { readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/repair/index.ts'
import { carriedOut } from '../plan/carried-out.ts'
import { folder } from '../repair/sample.ts'
import { FailingSource, type Fault } from './failing-source.ts'
import { type Repair, repairsOf } from './repairs.ts'
import { put, settled, undone, unwatched } from './unwatched.ts'

/** At each step one that can be rolled back, and one after which nothing can be written any more. */
const FAULTS: readonly ((at: number) => Fault)[] = [
  (at) => ({ at, errno: at % 2 === 0 ? 'EIO' : 'ENOSPC', torn: at % 3 === 0 }),
  (at) => ({ at, errno: 'EIO', torn: at % 3 !== 0, forGood: true }),
]

interface Run {
  readonly steps: number
  readonly error: unknown
}

async function run(file: string, { plan }: Repair, fault?: Fault): Promise<Run> {
  const target = unwatched(file)
  let failing: FailingSource | undefined
  try {
    await applyPlan(target, plan, {
      through: (source) => {
        failing = new FailingSource(source, fault)
        return failing
      },
    })
    return { steps: failing?.steps.length ?? 0, error: undefined }
  } catch (error) {
    return { steps: failing?.steps.length ?? 0, error }
  } finally {
    target.close()
  }
}

/** Everything that may happen to one repair; how many faults it was. */
async function failEverywhere(file: string, repair: Repair): Promise<number> {
  const { before, plan, name } = repair
  put(file, before)
  const whole = await run(file, repair)
  expect(whole.error, name).toBeUndefined()
  const after = readFileSync(file)
  expect(after.equals(carriedOut(before, plan)), name).toBe(true)
  expect((await undone(file)).equals(before), name).toBe(true)
  removeUndoFiles(file)
  let faults = 0
  for (let at = 0; at < whole.steps; at++) {
    for (const faultAt of FAULTS) {
      const kind = faultAt(at)
      faults++
      put(file, before)
      const { error } = await run(file, repair, kind)
      expect(error, name).toMatchObject({ code: 'not-written' })
      if (!kind.forGood) {
        expect(readFileSync(file).equals(before), `${name}: rolled back from ${kind.errno} at ${at}`).toBe(
          true,
        )
      } else {
        const half = readFileSync(file)
        const { settlement, bytes } = settled(file)
        const wanted = settlement === 'complete' ? after : before
        expect(bytes.equals(wanted), `${name}: ${settlement} from ${at}`).toBe(true)
        if (settlement === 'complete') expect(half.equals(after), name).toBe(true)
      }
      if (!kind.forGood) expect(undoFiles(file), name).toEqual([])
      removeUndoFiles(file)
    }
  }
  return faults
}

function undoFiles(file: string): string[] {
  return readdirSync(file.slice(0, -basename(file).length)).filter((name) => name.includes('.undo-'))
}

function removeUndoFiles(file: string): void {
  for (const name of undoFiles(file)) unlinkSync(`${file.slice(0, -basename(file).length)}${name}`)
}

describe.each(['v3-64k', 'v2-4k'])('repairs of %s images', (shape) => {
  it('that fail at any write, truncation or flush: before, after or resumable', {
    timeout: 300_000,
  }, async () => {
    const file = `${folder()}/image.qcow2`
    let repairs = 0
    let faults = 0
    for await (const repair of repairsOf(shape)) {
      faults += await failEverywhere(file, repair)
      repairs++
    }
    expect(repairs).toBeGreaterThan(20)
    expect(faults).toBeGreaterThan(repairs * FAULTS.length)
  })
})
