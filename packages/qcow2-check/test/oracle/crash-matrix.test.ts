import { afterAll, expect, test } from 'vitest'
import { shapeNamed } from '../corpus/shape.ts'
import { Scratch } from '../support/scratch.ts'
import { matrixFailures } from './matrix.ts'

const scratch = new Scratch('qcow2-matrix')
afterAll(() => scratch[Symbol.dispose]())

/**
 * QEMU changes seven places when it takes a snapshot. Whichever of them reached the disk: the active disk and both old
 * snapshots survive in 128 of 128, and the new one is listed only with what the active disk held.
 */
test('every subset of what `qemu-img snapshot -c` writes', { timeout: 300_000 }, async () => {
  expect(await matrixFailures(shapeNamed('v3-4k-two'), scratch)).toEqual([])
})
