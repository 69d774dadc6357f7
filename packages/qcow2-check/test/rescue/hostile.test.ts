import { rmSync, statSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { type Crafted, craft } from '../mapping/craft.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-hostile')
afterAll(() => scratch[Symbol.dispose]())

const COMPRESSED = 0x4000_0000

interface Hostile {
  readonly name: string
  readonly make: () => Crafted
}

/** Images of a few MiB that claim far more; bytes of the disk are kept below what a file system allows for. */
const IMAGES: readonly Hostile[] = [
  {
    name: 'every L1 entry names one L2 table, whose every entry names one cluster',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 8192; index++) image.set(50, index, 51 * 65536)
      image.bytes.fill(0x5a, 51 * 65536, 52 * 65536)
      return image
    },
  },
  {
    name: 'the same with clusters of 2 MiB and an impossible size',
    make: () => {
      const image = craft({ clusterBits: 21, clusters: 4, size: 2n ** 60n, l1Size: 2 ** 5 })
      for (let index = 0; index < 2 ** 5; index++) image.set(2, index, 3 * 2 ** 21)
      for (let index = 0; index < 2 ** 18; index++) image.set(3, index, 2 ** 21)
      image.bytes.fill(0x5a, 2 ** 21, 2 ** 22)
      return image
    },
  },
  {
    name: 'every entry is compressed and names the same bytes',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 8192; index++) image.set(50, index, 51 * 65536, COMPRESSED)
      return image
    },
  },
  {
    name: 'lost and zero in turn, in small clusters',
    make: () => {
      const image = craft({ clusterBits: 9, clusters: 8192, size: 2n ** 33n, l1Size: 2 ** 18 })
      for (let index = 0; index < 2 ** 18; index++) image.set(2, index, 8000 * 512)
      for (let index = 0; index < 64; index++)
        image.set(8000, index, index % 2 ? 2 ** 40 : 0, 0, index % 2 ? 0 : 1)
      return image
    },
  },
  {
    name: 'subclusters of data and zeros in turn',
    make: () => {
      const header = { incompatibleFeatures: 16n }
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 42n, l1Size: 2 ** 14, header })
      for (let index = 0; index < 2 ** 14; index++) image.set(2, index, 50 * 65536)
      for (let index = 0; index < 4096; index++) {
        image.set(50, index * 2, 51 * 65536)
        image.set(50, index * 2 + 1, 0, 0xaaaa_aaaa, 0x5555_5555)
      }
      image.bytes.fill(0x5a, 51 * 65536, 52 * 65536)
      return image
    },
  },
  {
    name: 'an L1 table of rubbish',
    make: () => {
      const image = craft({ clusterBits: 16, clusters: 64, size: 2n ** 43n, l1Size: 2 ** 14 })
      image.bytes.fill(0x77, 2 * 65536)
      return image
    },
  },
]

let before = 0
beforeEach(() => {
  before = process.cpuUsage().user + process.cpuUsage().system
})
/** Seconds of processor time since the test began: other tests run at the same time. */
const spent = () => (process.cpuUsage().user + process.cpuUsage().system - before) / 1e6

/** On a busy machine processor time takes its time. */
const WAIT = { timeout: 240_000 }

describe.each(IMAGES)('$name', ({ make }) => {
  test('is mapped in bounded time, without a gap', WAIT, async () => {
    const image = await openImage(new MemorySource(make().bytes))
    let reached = 0
    for await (const { offset, length } of mapping(image)) {
      if (offset !== reached) throw new Error(`a gap at ${reached}`)
      reached = offset + length
    }
    expect(reached).toBe(image.virtualSize)
    expect(spent()).toBeLessThan(20)
  })

  test.each(['raw', 'qcow2'] as const)('is rescued to %s in bounded time', WAIT, async (format) => {
    const image = await openImage(new MemorySource(make().bytes))
    const output = scratch.file('out')
    const job = rescue(image, { output, format, force: true, map: scratch.file('out.json') })
    if (image.virtualSize > 2 ** 44 && format === 'raw')
      await expect(job).rejects.toMatchObject({ code: 'not-written' })
    else {
      const { disks } = await job
      expect(disks[0]?.lost.length).toBeGreaterThan(0)
      if (format === 'raw') expect(statSync(output).size).toBe(image.virtualSize)
      else expect(qemu('qemu-img', ['check', output]).status).toBe(0)
    }
    rmSync(output, { force: true })
    expect(spent()).toBeLessThan(20)
    expect(process.memoryUsage().rss).toBeLessThan(700 * 2 ** 20)
  })
})
