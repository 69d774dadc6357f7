import { readFileSync } from 'node:fs'
import type { Case } from '../corpus/cases.ts'
import type { Content } from '../corpus/content.ts'
import type { Ending, Expectation } from '../corpus/damage.ts'
import type { Healthy } from '../corpus/healthy.ts'
import type { Before } from './before.ts'
import { type Fate, fateOf, listedSnapshots, qemuEnding, readDisks, type Told } from './judge.ts'
import { freed, intactData, layoutIfReadable, overwritten, unreached } from './truth.ts'

/** What a repair left, as QEMU and the bytes of the file say. */
export interface Phase {
  /** The graver of what `qemu-img check` says and of what the plan promised: QEMU takes cross-links for sound. */
  readonly ending: Ending
  /** What `qemu-img check` says. */
  readonly qemu: Ending
  /** What `qemu-img check` wrote to stderr. */
  readonly said: string
  /** By id; the active disk is ''. Of an image that the repair left as it was, and broken, none. */
  readonly fates: Readonly<Record<string, Fate>>
  /** Listed snapshots that hold what no disk held. */
  readonly phantoms: readonly string[]
  /** Of these, such that the damaged image didn't list. */
  readonly newPhantoms: readonly string[]
  /** Ranges with data whose bytes the repair changed. */
  readonly destroyed: number
  /** Ranges with data that a consistent image doesn't reach. */
  readonly lost: number
  /** Ranges with data that were counted, and that a repair declared free though no disk reaches them. */
  readonly freed: number
}

const GRAVITY: readonly Ending[] = ['consistent', 'leaks', 'corrupt', 'incomplete']

export async function phaseOf(
  one: Case,
  path: string,
  before: Before,
  promised: Ending,
  told?: Told,
): Promise<Phase> {
  const { healthy, bytes, expect } = one
  const { ending: qemu, said } = await qemuEnding(healthy, path)
  const ending = GRAVITY[Math.max(GRAVITY.indexOf(qemu), GRAVITY.indexOf(promised))] as Ending
  const repaired = readFileSync(path)
  const known = [...healthy.contents.keys()]
  const facts = { ending, qemu, said, phantoms: [], newPhantoms: [], destroyed: 0, lost: 0, freed: 0 }
  // Of what is again as it was before the damage it is known what QEMU reads.
  if (repaired.equals(healthy.bytes)) return { ...facts, fates: allWhole(known) }
  if (repaired.equals(bytes) && ending !== 'consistent') return { ...facts, fates: {} }
  const listed = await listedSnapshots(healthy, path)
  const contents = await readDisks(healthy, path, listed === undefined ? known : [undefined, ...listed])
  const { fates, matched } = await fatesOf(one, contents, before, told)
  const phantoms = (listed ?? []).filter(
    (id) => !matched.has(id) && !(expect.extra === id && holds(contents.get(id), healthy, undefined)),
  )
  const listedBefore = phantoms.length > 0 ? await before.listed() : []
  const data = intactData(healthy, bytes)
  const layout = layoutIfReadable(repaired)
  return {
    ending,
    qemu,
    said,
    fates,
    phantoms,
    newPhantoms: phantoms.filter((id) => !listedBefore.includes(id)),
    destroyed: overwritten(data, bytes, repaired).length,
    lost: layout && ending === 'consistent' ? unreached(data, repaired, layout).length : 0,
    freed: freed(data, bytes, repaired, layout).length,
  }
}

/** Snapshots may come back under another id, even under that of a sibling: what they hold counts first. */
async function fatesOf(
  { healthy, bytes }: Case,
  contents: ReadonlyMap<string | undefined, Content | undefined>,
  before: Before,
  told: Told | undefined,
): Promise<{ fates: Record<string, Fate>; matched: Set<string> }> {
  const fates: Record<string, Fate> = {}
  const matched = new Set<string>()
  const ids = [...healthy.contents.keys()].filter((id) => id !== undefined)
  for (const id of ids) {
    const same = (other: string | undefined): other is string =>
      other !== undefined && !matched.has(other) && holds(contents.get(other), healthy, id)
    const found = same(id) ? id : [...contents.keys()].find(same)
    if (found === undefined) continue
    matched.add(found)
    fates[id] = 'whole'
  }
  for (const id of [undefined, ...ids]) {
    if (id !== undefined && (fates[id] === 'whole' || matched.has(id))) {
      fates[id] ??= 'missing'
    } else if (contents.has(id)) {
      const readBefore = (which: string | undefined) => before.read(which)
      fates[id ?? ''] = await fateOf(healthy, bytes, id, contents.get(id), readBefore, told)
      if (id !== undefined) matched.add(id)
    } else fates[id ?? ''] = 'missing'
  }
  return { fates, matched }
}

const allWhole = (ids: readonly (string | undefined)[]): Record<string, Fate> =>
  Object.fromEntries(ids.map((id) => [id ?? '', 'whole']))

function holds(content: Content | undefined, { contents }: Healthy, id: string | undefined): boolean {
  return content !== undefined && content.digest === contents.get(id)?.digest
}

/** What a repair may never leave, with consent or without. */
export function violations(
  { ending, fates, phantoms, newPhantoms, destroyed, lost, freed: free }: Phase,
  { gone = [], undetectable }: Expectation,
  consent: boolean,
): string[] {
  const found: string[] = []
  if (destroyed > 0) found.push(`${destroyed} clusters with data were overwritten`)
  if (free > 0) found.push(`${free} clusters with data were freed`)
  if (newPhantoms.length > 0) found.push(`phantom snapshots appeared: ${newPhantoms.join(', ')}`)
  for (const [key, fate] of Object.entries(fates)) {
    const mayGo = consent && gone.includes(key || undefined)
    if (fate === 'wrong') found.push(`${nameOf(key)} holds wrong data`)
    if (fate === 'given-up' && !mayGo) found.push(`${nameOf(key)} lost data`)
  }
  if (ending !== 'consistent' || undetectable) return found
  if (phantoms.length > 0) found.push(`consistent, but snapshots are phantoms: ${phantoms.join(', ')}`)
  if (lost > 0) found.push(`consistent, but ${lost} clusters with data are not reached any more`)
  for (const [key, fate] of Object.entries(fates)) {
    if (fate === 'unreadable') found.push(`consistent, but ${nameOf(key)} is not readable`)
    if (fate === 'told') found.push(`consistent, but ${nameOf(key)} reads wrong`)
    if (fate === 'as-damaged') found.push(`consistent, but ${nameOf(key)} still reads as damaged`)
    if (fate === 'missing' && !(consent && gone.includes(key)))
      found.push(`consistent, but ${nameOf(key)} is gone`)
  }
  return found
}

const nameOf = (key: string): string => (key === '' ? 'the active disk' : `snapshot ${key}`)
