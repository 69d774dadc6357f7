import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import wabt from 'wabt'
import { countUnknown, fillCells, seen } from '../../src/merge/kernel/cells.ts'
import { kernel } from '../../src/merge/kernel/kernel.ts'
import { KERNEL_CODE } from '../../src/merge/kernel/kernel-code.ts'
import { takeRoom } from '../../src/merge/kernel/room.ts'

/** Bits of cells: NaNs of every kind, zeros of both signs, infinities, numbers. */
const cell = fc.oneof(
  fc.constantFrom(
    0x7ff8000000000000n,
    0xfff8000000000000n,
    0x7ff0000000000001n,
    0xffffffffffffffffn,
    0x7ff0000000000000n,
    0xfff0000000000000n,
    0x8000000000000000n,
    0n,
    1n,
  ),
  fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
)
const LONGEST = 40

interface Bits {
  readonly bits: BigUint64Array
  readonly cells: Float64Array
}

const within = (memory: ArrayBuffer, start: number): Bits => ({
  bits: new BigUint64Array(memory, start, LONGEST),
  cells: new Float64Array(memory, start, LONGEST),
})
const own = (): Bits => within(new ArrayBuffer(8 * LONGEST), 0)
const inKernel = (): Bits => {
  const { memory, start } = takeRoom(8 * LONGEST)
  return within(memory, start)
}
const [target, source] = [inKernel(), inKernel()]

test('this machine has the kernel, and rooms lie in it', () => {
  expect(target.cells.buffer).toBe(kernel()?.memory)
  expect(source.cells.byteOffset).toBeGreaterThan(target.cells.byteOffset)
})

test('the kernel does to the bit what JavaScript does, and nothing beside', () => {
  const [plainTarget, plainSource] = [own(), own()]
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: LONGEST, maxLength: LONGEST }),
      fc.array(cell, { minLength: LONGEST, maxLength: LONGEST }),
      fc.nat(LONGEST),
      fc.nat(LONGEST),
      fc.nat(LONGEST),
      (mine, theirs, at, from, length) => {
        const count = Math.min(length, LONGEST - at, LONGEST - from)
        for (const { bits } of [target, plainTarget]) bits.set(mine)
        for (const { bits } of [source, plainSource]) bits.set(theirs)
        const filled = fillCells(target.cells, at, source.cells, from, count)
        const places = [...seen]
        expect(fillCells(plainTarget.cells, at, plainSource.cells, from, count)).toBe(filled)
        if (filled > 0) expect(places).toEqual([...seen])
        expect(target.bits).toEqual(plainTarget.bits)
        expect(source.bits).toEqual(plainSource.bits)
        const part = ({ cells }: Bits) => cells.subarray(at, at + count)
        expect(countUnknown(part(target))).toBe(countUnknown(part(plainTarget)))
        expect(countUnknown(part(target))).toBe([...part(target)].filter(Number.isNaN).length)
      },
    ),
    { numRuns: 2000 },
  )
})

test('the code is kernel.wat', async () => {
  const text = readFileSync(new URL('../../src/merge/kernel/kernel.wat', import.meta.url), 'utf8')
  const { buffer } = (await wabt()).parseWat('kernel.wat', text, { simd: true }).toBinary({})
  expect(Buffer.from(buffer).toString('base64')).toBe(KERNEL_CODE)
})
