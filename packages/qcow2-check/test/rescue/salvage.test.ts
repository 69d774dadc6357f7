import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Qcow2Error } from '../../src/errors.ts'
import { openImage } from '../../src/image/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { mutate } from './mutate.ts'

const scratch = new Scratch('qcow2-salvage')
afterAll(() => scratch[Symbol.dispose]())

const KINDS = ['4k', '64k', 'v2-64k', 'extended-16k', 'zlib-64k', 'zstd-64k'] as const

/** The disk, if QEMU opens the image; what it can't read there is zeros. */
function salvaged(image: Buffer): Buffer | undefined {
  const path = scratch.file('broken.qcow2')
  const raw = scratch.file('salvaged.raw')
  writeFileSync(path, image)
  const { status } = qemu('qemu-img', ['convert', '--salvage', '-f', 'qcow2', '-O', 'raw', path, raw])
  return status === 0 ? readFileSync(raw) : undefined
}

test.each(KINDS)('what is not lost of a broken %s reads as QEMU reads it', async (name) => {
  const healthy = readFileSync(makeImage(scratch, kindNamed(name), 'salvage').path)
  let compared = 0
  for (let number = 0; number < 30; number++) {
    const broken = mutate(healthy, `${name}/${number}`)
    const image = await openImage(new MemorySource(broken)).catch((error: unknown) => {
      if (!(error instanceof Qcow2Error)) throw error
    })
    const expected = image && image.virtualSize < 2 ** 30 ? salvaged(broken) : undefined
    if (!image || !expected || expected.length !== image.virtualSize) continue
    const output = scratch.file('ours.raw')
    const result = await rescue(image, { output, format: 'raw', force: true }).catch((error: unknown) => {
      if (!(error instanceof Qcow2Error) || error.code !== 'refused') throw error
    })
    if (!result) continue
    const ours = readFileSync(output)
    for (const { offset, length } of result.disks[0]?.lost ?? []) {
      expected.fill(0, offset, offset + length)
      ours.fill(0, offset, offset + length)
    }
    if (!ours.equals(expected)) {
      let at = 0
      while (ours[at] === expected[at]) at++
      throw new Error(`${number}: differs at ${at}`)
    }
    compared++
  }
  expect(compared).toBeGreaterThan(15)
})
