import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Damage, Expectation } from './damage.ts'
import { DAMAGES } from './damages/index.ts'
import { type Healthy, makeHealthy } from './healthy.ts'
import { SHAPES, type Shape, shapeNamed } from './shape.ts'
import { Workpiece } from './workpiece.ts'

/** A damaged image in memory, with all that is known about it. */
export interface Case {
  readonly name: string
  readonly healthy: Healthy
  readonly damage: Damage
  readonly bytes: Buffer
  readonly expect: Expectation
}

/** Every damage that doesn't name its shapes is done to one of these, and to one of all others. */
const USUAL = ['v3-64k', 'v3-512', 'v2-4k', 'v3-4k-scattered']
const CASES = 2

/** The damage done to its own shapes, or to a usual one and another, by turns, so that each shape meets many. */
export async function casesOf(damage: Damage): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const shape of damage.shapes?.map(shapeNamed) ?? candidates(DAMAGES.indexOf(damage))) {
    const made = await makeCase(shape, damage)
    if (made) cases.push(made)
    if (cases.length === CASES && !damage.shapes) break
  }
  return cases
}

/** The damage done to every shape that it fits: what a test run has no time for. */
export async function everyCaseOf(damage: Damage): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const shape of damage.shapes?.map(shapeNamed) ?? SHAPES) {
    const made = await makeCase(shape, damage)
    if (made) cases.push(made)
  }
  return cases
}

function candidates(place: number): readonly Shape[] {
  const others = SHAPES.filter(({ name }) => !USUAL.includes(name))
  const turn = (place * 5) % others.length
  const first = USUAL.map((_, at) => shapeNamed(USUAL[(place + at) % USUAL.length] as string))
  return [first[0] as Shape, ...others.slice(turn), ...others.slice(0, turn), ...first.slice(1)]
}

/** Undefined where the shape has nothing to be damaged so. */
export async function makeCase(shape: Shape, damage: Damage): Promise<Case | undefined> {
  const healthy = await makeHealthy(shape)
  const work = new Workpiece(healthy)
  const expect = damage.inflict(work)
  if (expect === undefined) return undefined
  return { name: `${shape.name}/${damage.name}`, healthy, damage, bytes: work.bytes, expect }
}

export function writeImage(
  folder: string,
  bytes: Buffer,
  companions: ReadonlyMap<string, Buffer>,
  name = 'image.qcow2',
): string {
  mkdirSync(folder, { recursive: true })
  for (const [companion, content] of companions) writeFileSync(join(folder, companion), content)
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}
