import { expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { CONSENT_CLASSES } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Mutant, numbers } from '../mutations/mutant.ts'
import { mutate, placesOf } from '../mutations/mutate.ts'

/** Mutations for which an action was planned once that the guard took back. */
const ONCE: readonly (readonly [shape: string, number: number, what: string])[] = [
  ['v3-64k', 20261125, 'a header put together, without the ranges that it changes'],
  ['v3-4k-two', 20261131, 'the same, of another cluster size'],
  ['v3-512', 20261129, 'a wrong entry of a snapshot reads the header'],
  ['zstd-64k', 20261127, 'the bit of a raw data file in an image that has none'],
  ['backed-4k', 20261130, 'the same, with an entry beyond the end'],
  ['data-64k', 20261121, 'a header put together that makes a raw data file one that is not'],
  ['blank-64k', 20261131, 'the same, of an image without a data file'],
  ['v3-64k-none', 7654334, 'an L1 entry with reserved bits that leads to the refcount table'],
  [
    'v3-64k-none',
    7654329,
    'a header of rubbish, with the L1 table in what is an L2 table: it was to be emptied',
  ],
  ['bitmaps-64k', 7654334, 'the L1 table of a snapshot, with reserved bits beside an offset in the file'],
]

test.each(ONCE)('%s %i: %s', async (shape, number) => {
  const healthy = await makeHealthy(shapeNamed(shape))
  const mutant = new Mutant(healthy)
  mutate(mutant, placesOf(healthy), numbers(number * 7919 + shape.length))
  const image = await openImage(mutant)
  const surveyed = await survey(image)
  for (const allow of [[], CONSENT_CLASSES])
    expect((await planRepair(image, surveyed, { allow })).refused).toEqual([])
})
