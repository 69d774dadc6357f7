import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATA_FILE, openArguments } from '../corpus/access.ts'
import { type Case, writeImage } from '../corpus/cases.ts'
import type { Content } from '../corpus/content.ts'
import type { Ending, Expectation } from '../corpus/damage.ts'
import { qemuAsync } from '../support/qemu.ts'
import { type Fate, fateOf, listedSnapshots, qemuEnding, readDisks } from './judge.ts'
import { checkAndPlan, repair, takeBack } from './library.ts'
import { intactData, layoutIfReadable, overwritten, unreached } from './truth.ts'

/** What a repair left. */
export interface Phase {
  readonly ending: Ending
  readonly actions: number
  readonly wanted: readonly string[]
  /** By id; the active disk is ''. */
  readonly fates: Readonly<Record<string, Fate>>
  /** Listed snapshots that hold what no disk held. */
  readonly phantoms: readonly string[]
  /** Ranges with data whose bytes the repair changed. */
  readonly destroyed: number
  /** Ranges with data that a consistent image doesn't reach. */
  readonly lost: number
}

export interface Outcome {
  readonly name: string
  readonly row: number
  readonly codes: readonly string[]
  readonly verdict: string
  readonly safe?: Phase
  readonly allowed?: Phase
  readonly failures: readonly string[]
}

/** A case from its check to the undo of its last repair. */
export async function runCase(one: Case, folder: string): Promise<Outcome> {
  const path = writeImage(folder, one.bytes, one.healthy.companions)
  const failures: string[] = []
  const fail = (what: string): void => void failures.push(what)
  const dataFile = one.healthy.shape.dataFile ? join(folder, DATA_FILE) : undefined
  const facts = { name: one.name, row: one.damage.row, failures }

  const first = await checkAndPlan(path, [], dataFile)
  const codes = [...new Set(first?.survey.findings.map(({ code }) => code) ?? [])]
  const verdict = first?.survey.verdict ?? 'not-qcow2'
  expectFindings(one.expect, codes, fail)
  expectOneOf('verdict', verdict, one.expect.verdict, fail)
  if (one.expect.countsAsQemu && first) await expectCountsOfQemu(one, path, first.survey.counts, fail)
  if (first === undefined) return { ...facts, codes, verdict }
  if (first.plan.refused.length > 0) fail(`planned, but not safe: ${first.plan.refused.join(', ')}`)

  const readBefore = remembered(async () => {
    const before = writeImage(join(folder, 'before'), one.bytes, one.healthy.companions)
    return readDisks(one.healthy, before, [...one.healthy.contents.keys()])
  })
  const undos: string[] = []
  const step = async (checked: typeof first, consent: boolean): Promise<Phase> => {
    const before = readFileSync(path)
    const written = await repair(path, checked.plan, join(folder, `undo-${undos.length}`))
    if (written) undos.push(written)
    else if (!readFileSync(path).equals(before)) fail('changed without an undo file')
    return judge(one, path, checked.plan, { consent, fail, readBefore })
  }

  const safe = await step(first, false)
  expectOneOf('after the safe repair', safe.ending, one.expect.safe, fail)
  let allowed: Phase | undefined
  const classes = first.plan.wanted.map((wanted) => wanted.class)
  for (const wanted of one.expect.wants ?? [])
    if (!classes.includes(wanted)) fail(`the plan doesn't name ${wanted}`)
  const second = classes.length > 0 ? await checkAndPlan(path, classes, dataFile) : undefined
  if (second) allowed = await step(second, true)
  expectOneOf(
    'after the repair with consent',
    (allowed ?? safe).ending,
    one.expect.allowed ?? one.expect.safe,
    fail,
  )
  const last = undos.at(-1)
  for (const undoFile of undos.reverse()) await takeBack(path, undoFile, undoFile !== last)
  if (!readFileSync(path).equals(one.bytes)) fail('undo did not bring the image back')
  for (const [name, bytes] of one.healthy.companions)
    if (!readFileSync(join(folder, name)).equals(bytes)) fail(`${name} was changed`)
  return { ...facts, codes, verdict, safe, ...(allowed && { allowed }) }
}

interface JudgeOptions {
  readonly consent: boolean
  readonly fail: (what: string) => void
  readonly readBefore: () => Promise<Map<string | undefined, Content | undefined>>
}

async function judge(
  { healthy, bytes, expect }: Case,
  path: string,
  plan: { after: { verdict: string }; actions: readonly unknown[]; wanted: readonly { class: string }[] },
  { consent, fail, readBefore }: JudgeOptions,
): Promise<Phase> {
  const when = consent ? 'consent' : 'safe'
  const { ending, said } = await qemuEnding(healthy, path)
  if (plan.after.verdict === 'consistent' && ending !== 'consistent')
    fail(`${when}: the plan promised a consistent image, QEMU says ${ending}: ${said.slice(0, 200)}`)
  const repaired = readFileSync(path)
  const known = [...healthy.contents.keys()]
  const listed = await listedSnapshots(healthy, path)
  const ids = listed === undefined ? known : [undefined, ...listed]
  const contents = await readDisks(healthy, path, ids)
  const fates: Record<string, Fate> = {}
  const taken = new Set<string>()
  for (const id of known) {
    const key = id ?? ''
    if (contents.has(id)) {
      fates[key] = await fateOf(healthy, bytes, id, contents.get(id), async (which) =>
        (await readBefore()).get(which),
      )
      if (id !== undefined) taken.add(id)
    } else {
      const found = ids.find(
        (other) => other && !taken.has(other) && sameDisk(contents.get(other), healthy, id),
      )
      if (found) taken.add(found)
      fates[key] = found ? 'whole' : 'missing'
    }
  }
  const phantoms = (listed ?? []).filter(
    (id) => !taken.has(id) && !expectedExtra(expect, id, contents.get(id), healthy),
  )
  const data = intactData(healthy, bytes)
  const destroyed = overwritten(data, bytes, repaired)
  const layout = ending === 'consistent' ? layoutIfReadable(repaired) : undefined
  const lost = layout && !healthy.shape.dataFile ? unreached(data, repaired, layout) : []
  const phase = { ending, fates, phantoms, destroyed: destroyed.length, lost: lost.length }
  failuresOf(phase, expect, when, fail)
  return { ...phase, actions: plan.actions.length, wanted: plan.wanted.map((wanted) => wanted.class) }
}

function failuresOf(
  { ending, fates, phantoms, destroyed, lost }: Omit<Phase, 'actions' | 'wanted'>,
  { gone = [], undetectable }: Expectation,
  when: 'safe' | 'consent',
  fail: (what: string) => void,
): void {
  if (destroyed > 0) fail(`${when}: ${destroyed} clusters with data were overwritten`)
  if (phantoms.length > 0) fail(`${when}: phantom snapshots ${phantoms.join(', ')}`)
  if (lost > 0 && !undetectable)
    fail(`${when}: consistent, but ${lost} clusters with data are not reached any more`)
  for (const [key, fate] of Object.entries(fates)) {
    const name = key === '' ? 'the active disk' : `snapshot ${key}`
    if (fate === 'wrong') fail(`${when}: ${name} holds wrong data`)
    if (fate === 'given-up' && (when === 'safe' || !gone.includes(key || undefined)))
      fail(`${when}: ${name} lost data`)
    if (ending !== 'consistent' || undetectable) continue
    if (fate === 'unreadable') fail(`${when}: consistent, but ${name} is not readable`)
    if (fate === 'as-damaged') fail(`${when}: consistent, but ${name} still reads as damaged`)
    if (fate === 'missing' && !gone.includes(key || undefined)) fail(`${when}: ${name} is gone`)
  }
}

const sameDisk = (content: Content | undefined, healthy: Case['healthy'], id: string | undefined): boolean =>
  content !== undefined && content.digest === healthy.contents.get(id)?.digest

/** A snapshot that was being made: it may be there, if it holds what the active disk held. */
function expectedExtra(
  { extra }: Expectation,
  id: string,
  content: Content | undefined,
  healthy: Case['healthy'],
): boolean {
  return extra !== undefined && extra === id && sameDisk(content, healthy, undefined)
}

function expectFindings(
  { findings }: Expectation,
  codes: readonly string[],
  fail: (what: string) => void,
): void {
  for (const wanted of findings) {
    const choice = typeof wanted === 'string' ? [wanted] : wanted
    if (!choice.some((code) => codes.includes(code)))
      fail(`no finding ${choice.join(' or ')} among ${codes.join(' ') || 'none'}`)
  }
}

function expectOneOf(
  what: string,
  is: string,
  expected: string | readonly string[],
  fail: (what: string) => void,
): void {
  const choice = typeof expected === 'string' ? [expected] : expected
  if (!choice.includes(is)) fail(`${what}: ${is}, not ${choice.join(' or ')}`)
}

async function expectCountsOfQemu(
  { healthy }: Case,
  path: string,
  counts: { readonly corruptions: number; readonly leaks: number },
  fail: (what: string) => void,
): Promise<void> {
  const args = ['check', '--output=json', ...openArguments(healthy.shape, path)]
  const { stdout } = await qemuAsync('qemu-img', args, join(path, '..'))
  const { corruptions = 0, leaks = 0 } = JSON.parse(stdout) as { corruptions?: number; leaks?: number }
  if (corruptions !== counts.corruptions || leaks !== counts.leaks)
    fail(
      `${counts.corruptions} corruptions and ${counts.leaks} leaks; QEMU counts ${corruptions} and ${leaks}`,
    )
}

function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
