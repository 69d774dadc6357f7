import { rmSync } from 'node:fs'
import type { Case } from '../test/corpus/cases.ts'
import type { Expectation } from '../test/corpus/damage.ts'
import { DAMAGES } from '../test/corpus/damages/index.ts'
import { makeHealthy } from '../test/corpus/healthy.ts'
import { SHAPES } from '../test/corpus/shape.ts'
import { Workpiece } from '../test/corpus/workpiece.ts'
import { type Outcome, runCase } from '../test/oracle/run-case.ts'
import { totalsOf } from '../test/oracle/totals.ts'
import { dice } from '../test/support/noise.ts'
import { Scratch } from '../test/support/scratch.ts'
import { beginPart, endPart } from './part.ts'

/*
 * Users' images are broken in several ways at once. What is expected of a single damage (its findings, how it ends) says
 * nothing then; what must hold for all of them does: no wrong data, no loss, and an undo to the byte.
 */
const ANY: Expectation['verdict'] = ['consistent', 'leaks', 'corrupt', 'incomplete', 'not-qcow2']
const ENDS: Expectation['safe'] = ['consistent', 'leaks', 'corrupt', 'incomplete']

const { seed, goesOn } = beginPart()
const rolls = dice(`combinations ${seed}`)
const pick = <T>(items: readonly T[]): T => items[Math.floor(rolls.next().value * items.length)] as T

/** Undefined where one of the damages doesn't fit the shape, or what an earlier one left. */
async function combined(): Promise<Case | undefined> {
  const shape = pick(SHAPES)
  const work = new Workpiece(await makeHealthy(shape))
  const names: string[] = []
  const gone: (string | undefined)[] = []
  for (let left = 2 + Math.floor(rolls.next().value * 2); left > 0; left--) {
    const damage = pick(DAMAGES.filter(({ shapes }) => shapes === undefined || shapes.includes(shape.name)))
    let expect: Expectation | undefined
    try {
      expect = damage.inflict(work)
    } catch {
      // Of a file that is cut off already nothing is left to be damaged there.
    }
    if (expect === undefined || expect.undetectable || expect.extra !== undefined) return undefined
    names.push(damage.name)
    gone.push(...(expect.gone ?? []))
  }
  const name = `${shape.name}/${names.join(' + ')}`
  const expect: Expectation = { findings: [], verdict: ANY, safe: ENDS, gone }
  const damage = { name, row: 0, story: name, inflict: () => expect }
  return { name, healthy: work.healthy, damage, bytes: work.bytes, expect }
}

using scratch = new Scratch('qcow2-soak-combined')
const outcomes: Outcome[] = []
const failures: string[] = []
while (goesOn()) {
  const one = await combined()
  if (one === undefined) continue
  const folder = scratch.file('case')
  try {
    const outcome = await runCase(one, folder)
    outcomes.push(outcome)
    failures.push(...outcome.failures.map((failure) => `${one.name}: ${failure}`))
  } catch (error) {
    failures.push(`${one.name}: threw: ${error instanceof Error ? error.message : error}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
endPart({ ...totalsOf(outcomes) }, failures)
