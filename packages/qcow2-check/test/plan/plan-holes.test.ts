import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { type BlockSource, openFileSource } from '../../src/source/index.ts'
import { qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const MIB = 2 ** 20
const CLUSTER = 65536
const OFFSET = 0x00ff_ffff_ffff_fe00n

/** Refcounts of 1 for 100 GiB and no table that uses them: a preallocation that ended before its tables were written. */
function makeLeaks(path: string): void {
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', 'preallocation=metadata', path, '100G'])
  const file = openSync(path, 'r+')
  const header = Buffer.alloc(64)
  readSync(file, header, 0, header.length, 0)
  const l1Offset = Number(header.readBigUInt64BE(40))
  const l1 = Buffer.alloc(header.readUInt32BE(36) * 8)
  readSync(file, l1, 0, l1.length, l1Offset)
  const nothing = Buffer.alloc(CLUSTER)
  for (let at = 0; at < l1.length; at += 8)
    writeSync(file, nothing, 0, CLUSTER, Number(l1.readBigUInt64BE(at) & OFFSET))
  writeSync(file, Buffer.alloc(l1.length), 0, l1.length, l1Offset)
  closeSync(file)
}

it('frees 1.6 million leaked clusters of holes without reading them, and what holds something stays', async () => {
  using scratch = new Scratch()
  const path = scratch.file('leaks.qcow2')
  makeLeaks(path)
  const written = 777_777
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(CLUSTER, 7), 0, CLUSTER, written * CLUSTER)
  closeSync(file)
  const source = openFileSource(path)
  let bytesRead = 0
  const counting: BlockSource = {
    name: path,
    size: source.size,
    read: (target, offset) => {
      const count = source.read(target, offset)
      bytesRead += count
      return count
    },
    isHole: (offset, length) => source.isHole?.(offset, length) ?? false,
  }
  try {
    const found = await survey(await openImage(counting))
    expect(found.counts.leaks).toBeGreaterThan(1_600_000)
    const plan = await planRepair(found.image, found)
    expect(plan.after.findings.map(({ code, offset, length }) => [code, offset, length])).toEqual([
      ['leak', written * CLUSTER, CLUSTER],
    ])
    expect(bytesRead).toBeLessThan(2048 * MIB)
  } finally {
    source.close()
  }
})
