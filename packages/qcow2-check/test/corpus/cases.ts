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

/** Every damage that doesn't name its shapes is done to the first of these, and to one of the others. */
const FIRST = 'v3-64k'
const SECOND = ['v3-512', 'v2-4k', 'v3-4k-scattered']

/** Which shapes a damage is done to: its own, or two usual ones and a third, by turns, so that each shape meets many. */
export function shapesOf(damage: Damage): readonly Shape[] {
  if (damage.shapes) return damage.shapes.map(shapeNamed)
  const place = DAMAGES.indexOf(damage)
  const others = SHAPES.filter(({ name }) => name !== FIRST && !SECOND.includes(name))
  const second = shapeNamed(SECOND[place % SECOND.length] as string)
  return [shapeNamed(FIRST), second, others[(place * 7) % others.length] as Shape]
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
