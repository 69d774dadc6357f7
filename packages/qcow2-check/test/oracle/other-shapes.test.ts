import { afterAll, describe, test } from 'vitest'
import { makeCase } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { runCase } from './run-case.ts'

const scratch = new Scratch('qcow2-other-shapes')
afterAll(() => scratch[Symbol.dispose]())

/** What fell short once in a soak, in shapes that the corpus doesn't do that damage to. */
const ONCE: readonly (readonly [shape: string, damage: string])[] = [
  ['bitmaps-512', 'length/tail-zeroed'],
  ['falloc-4k', 'snapshot-l1/entry-flipped'],
  ['backed-4k', 'feature/extension-garbage'],
  ['aes-4k', 'header/crypt-garbage'],
  ['backed-64k', 'header/backing-offset-garbage'],
]

describe.concurrent('what a soak found', { timeout: 120_000 }, () => {
  test.for(ONCE)('%s/%s', async ([shape, name], { expect }) => {
    const damage = DAMAGES.find((one) => one.name === name)
    const one = damage && (await makeCase(shapeNamed(shape), damage))
    if (one === undefined) throw new Error('this shape has nothing to be damaged so')
    const folder = scratch.file(one.name.replaceAll('/', '-'))
    expect((await runCase(one, folder)).failures).toEqual([])
  })
})
