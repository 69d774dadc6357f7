import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { activeDisk } from '../../src/mapping/disk.ts'
import { type DiskSelector, GuestReader, readGuest } from '../../src/mapping/index.ts'
import { MemorySource, openFileSource } from '../../src/source/index.ts'
import { Scratch } from '../support/scratch.ts'
import { KINDS, makeImage } from './make-image.ts'
import { guestBytes, sha256 } from './reference.ts'

const scratch = new Scratch('qcow2-guest')
afterAll(() => scratch[Symbol.dispose]())

describe('every disk reads as qemu-img convert reads it', () => {
  test.each(KINDS)('$name', async (kind) => {
    const made = makeImage(scratch, kind)
    const sources = [made.path, made.dataFile, made.backing].map((path) =>
      path === undefined ? undefined : openFileSource(path),
    )
    const [source, dataFile, base] = sources
    if (!source) throw new Error('no image')
    const image = await openImage(source, dataFile ? { dataFile } : {})
    const baseImage = base && (await openImage(base))
    const backing = baseImage && new GuestReader(baseImage, activeDisk(baseImage))
    for (const id of [undefined, ...made.snapshots]) {
      const disk: DiskSelector = id === undefined ? { kind: 'active' } : { kind: 'snapshot', idOrName: id }
      const expected = guestBytes(scratch, made.path, id)
      const whole = await readGuest(image, disk, 0, made.size, { backing })
      expect(whole.lost).toEqual([])
      expect(sha256(whole.bytes)).toBe(sha256(expected))
      // Parts that begin and end within clusters, and beyond the disk.
      const c = kind.clusterSize
      for (const [offset, length] of [
        [c - 17, 40],
        [3 * c + 100, 2 * c],
        [Math.floor(made.size / 3), c],
        [made.size - 100, 300],
      ] as const) {
        const part = await readGuest(image, disk, offset, length, { backing })
        const wanted = Buffer.alloc(length)
        expected.copy(wanted, 0, offset)
        expect(Buffer.from(part.bytes).equals(wanted)).toBe(true)
      }
    }
    for (const each of sources) each?.close()
  })
})

test('a file that was cut off within a cluster of data: what is missing is not taken for zeros', async () => {
  const path = scratch.file('cut.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '64M'])
  execFileSync('qemu-io', ['-c', 'write -P 7 0 1M', path])
  const whole = readFileSync(path)
  const image = await openImage(new MemorySource(whole.subarray(0, whole.length - 1000)))
  const { bytes, lost } = await readGuest(image, { kind: 'active' }, 0, 2 ** 20)
  expect(lost).toEqual([{ offset: 2 ** 20 - 1000, length: 1000, reason: 'truncated' }])
  expect(bytes.subarray(0, -1000).every((byte) => byte === 7)).toBe(true)
  expect(await readGuest(image, { kind: 'active' }, 0, 2 ** 20 - 1000)).toMatchObject({ lost: [] })
})
