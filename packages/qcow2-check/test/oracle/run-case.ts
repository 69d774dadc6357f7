import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsentClass } from '../../src/findings/index.ts'
import { DATA_FILE, openArguments } from '../corpus/access.ts'
import { type Case, writeImage } from '../corpus/cases.ts'
import type { Expectation } from '../corpus/damage.ts'
import { qemuAsync } from '../support/qemu.ts'
import { Before } from './before.ts'
import type { Told } from './judge.ts'
import { type Checked, checkAndPlan, findingsOf, repair, takeBack } from './library.ts'
import { type Phase, phaseOf, violations } from './phase.ts'
import { toldOf } from './told.ts'

export interface Outcome {
  readonly name: string
  readonly row: number
  readonly codes: readonly string[]
  readonly verdict: string
  /** After a repair without consent. */
  readonly safe?: Phase
  /** Classes that its plan named. */
  readonly wanted: readonly ConsentClass[]
  /** After one more repair, with these. */
  readonly allowed?: Phase
  /** Nothing in the file tells that anything is wrong. */
  readonly undetectable: boolean
  readonly failures: readonly string[]
}

/** A case from its check to the undo of its last repair. */
export async function runCase(one: Case, folder: string): Promise<Outcome> {
  const { expect, damage, healthy, bytes } = one
  const path = writeImage(folder, bytes, healthy.companions)
  const dataFile = healthy.shape.dataFile ? join(folder, DATA_FILE) : undefined
  const failures: string[] = []
  const facts = { name: one.name, row: damage.row, undetectable: expect.undetectable === true, failures }

  const first = await checkAndPlan(path, [], dataFile)
  const codes = [...new Set(first?.survey.findings.map(({ code }) => code) ?? [])]
  const verdict = first?.survey.verdict ?? 'not-qcow2'
  failures.push(...not('verdict', verdict, expect.verdict))
  if (first === undefined) return { ...facts, codes, verdict, wanted: [] }
  failures.push(...missingFindings(expect, codes))
  if (expect.countsAsQemu) failures.push(...(await differentCounts(one, path, first)))
  if (first.plan.refused.length > 0)
    failures.push(`planned as safe, and refused: ${first.plan.refused.join(', ')}`)

  const before = new Before(one, folder)
  const undos: string[] = []
  const step = async ({ plan }: Checked, consent: boolean): Promise<Phase> => {
    const was = readFileSync(path)
    const written = await repair(path, plan, join(folder, `undo-${undos.length}`))
    if (written) undos.push(written)
    else if (!readFileSync(path).equals(was)) failures.push('changed without an undo file')
    const told: Told = async (id, content) =>
      toldOf(one, plan.actions, await findingsOf(path, dataFile), id, content)
    const phase = await phaseOf(one, path, before, plan.after.verdict, expect.several && told)
    const found = violations(phase, expect, consent)
    if (plan.after.verdict === 'consistent' && phase.qemu !== 'consistent')
      found.push(`the plan promised a consistent image, QEMU finds: ${phase.said.slice(0, 200)}`)
    failures.push(...found.map((failure) => `${consent ? 'with consent' : 'safe'}: ${failure}`))
    return phase
  }

  const safe = await step(first, false)
  failures.push(...not('after the safe repair', safe.ending, expect.safe))
  const wanted = first.plan.wanted.map((named) => named.class)
  for (const named of expect.wants ?? [])
    if (!wanted.includes(named)) failures.push(`the plan doesn't name ${named}`)
  const second = wanted.length > 0 ? await checkAndPlan(path, wanted, dataFile) : undefined
  const allowed = second && (await step(second, true))
  failures.push(
    ...not('after the repair with consent', (allowed ?? safe).ending, expect.allowed ?? expect.safe),
  )
  failures.push(...(await unlikeBefore(one, folder, path, undos)))
  return { ...facts, codes, verdict, wanted, safe, ...(allowed && { allowed }) }
}

/** Takes all repairs back, the last one first. */
async function unlikeBefore(
  { healthy, bytes }: Case,
  folder: string,
  path: string,
  undos: readonly string[],
): Promise<string[]> {
  for (const undoFile of [...undos].reverse()) await takeBack(path, undoFile, undoFile !== undos.at(-1))
  const failures = readFileSync(path).equals(bytes) ? [] : ['undo did not bring the image back']
  for (const [name, content] of healthy.companions)
    if (!readFileSync(join(folder, name)).equals(content)) failures.push(`${name} was changed`)
  return failures
}

function missingFindings({ findings }: Expectation, codes: readonly string[]): string[] {
  return findings
    .map((wanted) => (typeof wanted === 'string' ? [wanted] : wanted))
    .filter((choice) => !choice.some((code) => codes.includes(code)))
    .map((choice) => `no finding ${choice.join(' or ')} among: ${codes.join(' ')}`)
}

function not(what: string, is: string, expected: string | readonly string[]): string[] {
  const choice = typeof expected === 'string' ? [expected] : expected
  return choice.includes(is) ? [] : [`${what}: ${is}, not ${choice.join(' or ')}`]
}

async function differentCounts({ healthy }: Case, path: string, { survey }: Checked): Promise<string[]> {
  const args = ['check', '--output=json', ...openArguments(healthy.shape, path)]
  const { stdout } = await qemuAsync('qemu-img', args, join(path, '..'))
  const { corruptions = 0, leaks = 0 } = JSON.parse(stdout) as { corruptions?: number; leaks?: number }
  const { counts } = survey
  return corruptions === counts.corruptions && leaks === counts.leaks
    ? []
    : [`${counts.corruptions} corruptions and ${counts.leaks} leaks; QEMU counts ${corruptions} and ${leaks}`]
}
