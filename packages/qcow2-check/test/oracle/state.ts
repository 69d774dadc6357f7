import { rmSync, writeFileSync } from 'node:fs'
import { survey } from '../../src/check/index.ts'
import type { ConsentClass } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { type Case, writeImage } from '../corpus/cases.ts'
import type { Expectation } from '../corpus/damage.ts'
import type { Healthy } from '../corpus/healthy.ts'
import { carriedOut } from '../plan/carried-out.ts'
import type { Scratch } from '../support/scratch.ts'
import { Before } from './before.ts'
import { type Phase, phaseOf } from './phase.ts'

/** A state that an image was really left in, or could be: no damage of the table of damages. */
export function stateOf(healthy: Healthy, name: string, bytes: Buffer, extra?: string): Case {
  const expect: Expectation = { findings: [], verdict: [], safe: [], ...(extra !== undefined && { extra }) }
  const damage = { name, row: 0, story: name, inflict: () => expect }
  return { name, healthy, damage, bytes, expect }
}

export interface Repaired {
  readonly safe: Phase
  readonly wanted: readonly ConsentClass[]
  /** With the classes that the first plan named; the same where it named none. */
  readonly allowed: Phase
}

let number = 0

/** Both repairs, carried out in memory; QEMU reads what comes out. */
export async function repairState(one: Case, scratch: Scratch): Promise<Repaired> {
  const folder = scratch.file(`state-${number++}`)
  try {
    const path = writeImage(folder, one.bytes, one.healthy.companions)
    const before = new Before(one, folder)
    const first = await planFor(one.bytes, [])
    const once = carriedOut(one.bytes, first)
    writeFileSync(path, once)
    const safe = await phaseOf(one, path, before, first.after.verdict)
    const wanted = first.wanted.map((named) => named.class)
    if (wanted.length === 0) return { safe, wanted, allowed: safe }
    const second = await planFor(once, wanted)
    writeFileSync(path, carriedOut(once, second))
    return { safe, wanted, allowed: await phaseOf(one, path, before, second.after.verdict) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function planFor(bytes: Buffer, allow: readonly ConsentClass[]): Promise<Plan> {
  const image = await openImage(new MemorySource(bytes))
  return planRepair(image, await survey(image), { allow })
}
