import { rmSync, statSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { mapping } from '../../src/mapping/index.ts'
import { rescue } from '../../src/rescue/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { HOSTILE_DISKS } from './hostile-disks.ts'

const scratch = new Scratch('qcow2-hostile')
afterAll(() => scratch[Symbol.dispose]())

let before = 0
beforeEach(() => {
  before = process.cpuUsage().user + process.cpuUsage().system
})
/** Seconds of processor time since the test began: other tests run at the same time. */
const spent = () => (process.cpuUsage().user + process.cpuUsage().system - before) / 1e6

/** On a busy machine processor time takes its time. */
const WAIT = { timeout: 240_000 }

describe.each(HOSTILE_DISKS)('$name', ({ make }) => {
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
