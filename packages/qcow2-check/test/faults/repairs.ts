import { survey } from '../../src/check/index.ts'
import { CONSENT_CLASSES } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Plan, planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'

export interface Repair {
  readonly name: string
  readonly before: Buffer
  readonly plan: Plan
}

/** The repair of every damage of the corpus to images of a shape, with all consent given; those that write anything. */
export async function* repairsOf(shapeName: string): AsyncGenerator<Repair> {
  for (const damage of DAMAGES) {
    const made = await makeCase(shapeNamed(shapeName), damage)
    if (made === undefined) continue
    const plan = await planFor(made.bytes)
    if (plan !== undefined && plan.actions.length > 0) yield { name: made.name, before: made.bytes, plan }
  }
}

async function planFor(bytes: Buffer): Promise<Plan | undefined> {
  const source = new MemorySource(Uint8Array.from(bytes))
  const image = await openImage(source).catch(() => undefined)
  if (image === undefined) return undefined
  return planRepair(image, await survey(image), { allow: CONSENT_CLASSES })
}
