import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { type Matrix, repairMatrix } from './matrix.ts'

const scratch = new Scratch('qcow2-matrix')
afterAll(() => scratch[Symbol.dispose]())

/** QEMU changes seven places when it takes a snapshot, and any of them may have reached the disk. */
describe('every subset of what `qemu-img snapshot -c` writes', () => {
  let matrix: Promise<Matrix>
  beforeAll(() => {
    matrix = repairMatrix(shapeNamed('v3-4k-two'), scratch)
  })

  test('active disk and old snapshots survive, a wrong new one is never listed', {
    timeout: 300_000,
  }, async () => {
    expect((await matrix).harm).toEqual([])
  })

  test('all end consistent', async () => {
    expect((await matrix).open).toEqual([])
  })
})
