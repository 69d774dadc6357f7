import { execFileSync } from 'node:child_process'
import { readFileSync, truncateSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { open } from '../../src/library/open.ts'
import { rescue } from '../../src/rescue/index.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-cut')
afterAll(() => scratch[Symbol.dispose]())

const MIB = 2 ** 20
const CUT = 60_000

test.each(['raw', 'qcow2'] as const)(
  'a file that ends within a cluster of data: its rest is lost, %s',
  async (format) => {
    const path = scratch.file(`${format}.image`)
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', path, '64M'])
    execFileSync('qemu-io', ['-c', 'write -P 7 0 1M', path])
    truncateSync(path, readFileSync(path).length - CUT)
    const image = await open(path)
    const output = scratch.file(`${format}.out`)
    for (const dryRun of [true, false]) {
      const { complete, disks } = await rescue(image, { output, format, dryRun })
      expect(complete).toBe(false)
      const rest = { offset: MIB - CUT, length: CUT, reason: 'truncated', status: 'lost' }
      expect(disks[0]?.lost).toEqual([rest])
    }
    image.close()
    const raw = scratch.file(`${format}.raw`)
    qemu('qemu-img', ['convert', '-f', format, '-O', 'raw', output, raw])
    const bytes = readFileSync(raw)
    expect(bytes.subarray(0, MIB - CUT).every((byte) => byte === 7)).toBe(true)
    expect(bytes.subarray(MIB - CUT).every((byte) => byte === 0)).toBe(true)
  },
)
