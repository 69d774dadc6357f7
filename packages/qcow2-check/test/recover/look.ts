import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type Evidence, type EvidenceOptions, findEvidence } from '../../src/recover/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { type Case, makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'

/** What is found in an image in memory, which stays as it is. */
export async function evidenceOf(bytes: Uint8Array, options?: EvidenceOptions): Promise<Evidence> {
  const image = await openImage(new MemorySource(Uint8Array.from(bytes), 'image'))
  return findEvidence(await survey(image), options)
}

/** A damage of the corpus; every name must be one that can be done to the shape. */
export async function damagedCase(shape: string, damage: string): Promise<Case> {
  const known = DAMAGES.find(({ name }) => name === damage)
  const made = known && (await makeCase(shapeNamed(shape), known))
  if (!made) throw new Error(`${damage} can't be done to ${shape}`)
  return made
}
