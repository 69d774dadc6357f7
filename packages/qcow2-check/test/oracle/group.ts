import { rmSync } from 'node:fs'
import { type Case, makeCase, shapesOf } from '../corpus/cases.ts'
import type { Damage } from '../corpus/damage.ts'
import type { Shape } from '../corpus/shape.ts'
import type { Scratch } from '../support/scratch.ts'
import { type Outcome, runCase } from './run-case.ts'

let number = 0

/** Runs one damage in its shapes, or in those given. */
export async function runDamage(
  damage: Damage,
  scratch: Scratch,
  shapes: readonly Shape[] = shapesOf(damage),
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const shape of shapes) {
    const one = await makeCase(shape, damage)
    if (one) outcomes.push(await runIn(scratch, one))
  }
  return outcomes
}

export async function runIn(scratch: Scratch, one: Case): Promise<Outcome> {
  const folder = scratch.file(`case-${number++}`)
  try {
    return await runCase(one, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
