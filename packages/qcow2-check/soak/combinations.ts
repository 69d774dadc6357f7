import { rmSync } from 'node:fs'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { combine } from '../test/corpus/combined.ts'
import type { Damage } from '../test/corpus/damage.ts'
import { DAMAGES } from '../test/corpus/damages/index.ts'
import { SHAPES, type Shape } from '../test/corpus/shape.ts'
import { type Outcome, runCase } from '../test/oracle/run-case.ts'
import { totalsOf } from '../test/oracle/totals.ts'
import { dice } from '../test/support/noise.ts'
import { Scratch } from '../test/support/scratch.ts'

const { seed, goesOn } = beginPart()
const rolls = dice(`combinations ${seed}`)
const pick = <T>(items: readonly T[]): T => items[Math.floor(rolls.next().value * items.length)] as T

function* several(shape: Shape): Iterable<Damage> {
  const fitting = DAMAGES.filter(({ shapes }) => shapes === undefined || shapes.includes(shape.name))
  for (let left = 2 + Math.floor(rolls.next().value * 2); left > 0; left--) yield pick(fitting)
}

using scratch = new Scratch('qcow2-soak-combined')
const outcomes: Outcome[] = []
const failures: string[] = []
while (goesOn()) {
  const shape = pick(SHAPES)
  const one = await combine(shape, several(shape))
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
