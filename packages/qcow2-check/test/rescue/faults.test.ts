import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { type BlockSource, MemorySource } from '../../src/source/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { guestBytes } from '../mapping/reference.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { Patch } from './damage.ts'

const scratch = new Scratch('qcow2-faults')
afterAll(() => scratch[Symbol.dispose]())

const K = 1024
const M = K * K

/** A device with bad sectors: a read that touches one fails as a whole, as a disk's does. */
class FailingSource implements BlockSource {
  readonly name = 'failing'
  readonly #source: BlockSource
  readonly #bad: readonly number[]
  readonly #late: boolean

  /** @param bad offsets of sectors of 512 bytes */
  constructor(source: BlockSource, bad: readonly number[], late: boolean) {
    this.#source = source
    this.#bad = bad
    this.#late = late
  }

  get size(): number {
    return this.#source.size
  }

  read(target: Uint8Array, offset: number): number | Promise<number> {
    const end = offset + target.length
    if (this.#bad.some((bad) => bad < end && bad + 512 > offset)) {
      const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
      if (this.#late) return Promise.reject(error)
      throw error
    }
    return this.#late ? Promise.resolve(this.#source.read(target, offset)) : this.#source.read(target, offset)
  }
}

describe.each([
  ['at once', false],
  ['later', true],
] as const)('sectors that can not be read, told %s', (_, late) => {
  test('are lost, and nothing beside them', async () => {
    const made = makeImage(scratch, kindNamed('64k'), 'eio')
    const expected = guestBytes(scratch, made.path)
    let data = 0
    let table = 0
    {
      using patch = new Patch(made.path)
      table = patch.u64(patch.l1)
      data = patch.u64(table)
    }
    const memory = new MemorySource(readFileSync(made.path))
    // Of the first cluster two sectors; of the L2 table the one with entry 64 to 127, the rest of the disk.
    const source = new FailingSource(memory, [data + 512, data + 1024, data + 40 * K, table + 512], late)
    const image = await openImage(source)
    const lost = [
      { offset: 512, length: 1024, reason: 'read-error', status: 'lost' },
      { offset: 40 * K, length: 512, reason: 'read-error', status: 'lost' },
      { offset: 64 * 64 * K, length: 2 * M, reason: 'read-error', status: 'lost' },
    ]
    const wanted = Buffer.from(expected)
    for (const { offset, length } of lost) wanted.fill(0, offset, offset + length)

    const raw = scratch.file('out.raw')
    const result = await rescue(image, { output: raw, format: 'raw', force: true })
    expect(result.disks[0]?.lost).toEqual(lost)
    expect(readFileSync(raw).equals(wanted)).toBe(true)

    const qcow2 = scratch.file('out.qcow2')
    const again = await rescue(image, { output: qcow2, format: 'qcow2', force: true })
    expect(again.disks[0]?.lost).toEqual(lost)
    expect(qemu('qemu-img', ['check', qcow2]).status).toBe(0)
    expect(guestBytes(scratch, qcow2).equals(wanted)).toBe(true)
  })

  test('of a compressed cluster take the cluster', async () => {
    const made = makeImage(scratch, kindNamed('zlib-64k'), 'eio')
    let data = 0
    {
      using patch = new Patch(made.path)
      data = Number(patch.raw(patch.u64(patch.l1) + 3 * 8) & ((1n << 54n) - 1n))
    }
    // Not its first sector, in which another cluster may end.
    const source = new FailingSource(
      new MemorySource(readFileSync(made.path)),
      [data - (data % 512) + 2048],
      late,
    )
    const image = await openImage(source)
    const { disks } = await rescue(image, { output: scratch.file('z.raw'), format: 'raw', force: true })
    expect(disks[0]?.lost).toEqual([
      { offset: 3 * 64 * K, length: 64 * K, reason: 'read-error', status: 'lost' },
    ])
  })
})
