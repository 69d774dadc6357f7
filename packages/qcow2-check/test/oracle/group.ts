import { rmSync } from 'node:fs'
import { casesOf } from '../corpus/cases.ts'
import type { Damage } from '../corpus/damage.ts'
import type { Scratch } from '../support/scratch.ts'
import { type Outcome, runCase } from './run-case.ts'

let number = 0

/** Runs one damage in some shapes, or, with `everyCaseOf`, in all. */
export async function runDamage(damage: Damage, scratch: Scratch, cases = casesOf): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const one of await cases(damage)) {
    const folder = scratch.file(`case-${number++}`)
    try {
      outcomes.push(await runCase(one, folder))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return outcomes
}
