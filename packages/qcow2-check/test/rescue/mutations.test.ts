import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Qcow2Error } from '../../src/errors.ts'
import { openImage } from '../../src/image/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { dice } from '../support/noise.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-mutations')
afterAll(() => scratch[Symbol.dispose]())

const KINDS = ['4k', 'extended-16k', 'zlib-4k-v2', 'backed'] as const

/** Flips bits, tears words and copies pieces, mostly in the first clusters, where the tables are. */
function mutate(healthy: Buffer, seed: string): Buffer {
  const image = Buffer.from(healthy)
  const rolls = dice(seed)
  const roll = (below: number) => Math.floor(rolls.next().value * below)
  for (let count = 1 + roll(4); count > 0; count--) {
    const range = roll(2) === 0 ? Math.min(image.length, 65536 * 6) : image.length
    const at = roll(range - 16)
    const what = roll(4)
    if (what === 0) image[at] = (image[at] as number) ^ (1 << roll(8))
    else if (what === 1) image.writeBigUInt64BE(BigInt(roll(2 ** 32)) << BigInt(roll(32)), at - (at % 8))
    else if (what === 2) image.fill(roll(256), at, Math.min(image.length, at + roll(4096)))
    else image.copy(image, at, roll(range), roll(range))
  }
  return roll(10) === 0 ? image.subarray(0, roll(image.length)) : image
}

test.each(KINDS)('whatever is wrong with %s, its disks are mapped whole', async (name) => {
  const healthy = readFileSync(makeImage(scratch, kindNamed(name), 'mutated').path)
  let mapped = 0
  for (let number = 0; number < 400; number++) {
    const source = new MemorySource(mutate(healthy, `${name}${number}`))
    const image = await openImage(source).catch((error: unknown) => {
      if (!(error instanceof Qcow2Error)) throw error
    })
    if (!image) continue
    let reached = 0
    for await (const { offset, length } of mapping(image)) {
      if (offset !== reached || length <= 0) throw new Error(`${number}: at ${offset}, not ${reached}`)
      reached = offset + length
    }
    expect(reached).toBe(image.virtualSize)
    mapped++
  }
  expect(mapped).toBeGreaterThan(200)
})

test.each(KINDS)('whatever is wrong with %s, what comes out of it is a sound image', async (name) => {
  const healthy = readFileSync(makeImage(scratch, kindNamed(name), 'mutated').path)
  for (let number = 0; number < 40; number++) {
    const source = new MemorySource(mutate(healthy, `${name}-${number}`))
    const image = await openImage(source).catch((error: unknown) => {
      if (!(error instanceof Qcow2Error)) throw error
    })
    // A disk of petabytes has a table that takes qemu-img minutes to check.
    if (!image || image.virtualSize > 2 ** 40) continue
    const output = scratch.file('out.qcow2')
    try {
      await rescue(image, { output, format: 'qcow2', disk: 'all', force: true })
    } catch (error) {
      if (!(error instanceof Qcow2Error)) throw error
      continue
    }
    const { status, stdout, stderr } = qemu('qemu-img', ['check', output])
    expect(`${number}: ${status} ${stderr}`).toBe(`${number}: 0 ${stderr}`)
    expect(stdout).toContain('No errors')
  }
})
