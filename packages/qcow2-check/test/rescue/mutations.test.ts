import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Qcow2Error } from '../../src/errors.ts'
import { openImage } from '../../src/image/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { mutate } from './mutate.ts'

const scratch = new Scratch('qcow2-mutations')
afterAll(() => scratch[Symbol.dispose]())

const KINDS = ['4k', 'extended-16k', 'zlib-4k-v2', 'backed'] as const

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
