import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Survey, survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { planReclaim, RepairTarget, reclaim } from '../../src/repair/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { qemuIoHolding } from './holders.ts'
import { folder, hashOf } from './sample.ts'

const CLUSTER = 65536

/** All of a disk of 2 MiB is written, so that no place is left that anything free could come from. */
function fullImage(): string {
  const file = `${folder()}/disk.qcow2`
  qemuImg(['create', '-q', '-f', 'qcow2', file, '2M'])
  qemuIo(['-c', 'write -P 0x5a 0 2M', file])
  return file
}

function sparseImage(): string {
  const file = `${folder()}/disk.qcow2`
  qemuImg(['create', '-q', '-f', 'qcow2', file, '2M'])
  qemuIo(['-c', 'write -P 0x5a 0 256k', file])
  return file
}

/** Clusters at the end of the file that nobody has ever heard of, really on the disk. */
function append(file: string, ...clusters: Uint8Array[]): number {
  const start = Math.ceil(statSync(file).size / CLUSTER) * CLUSTER
  const fd = openSync(file, 'r+')
  clusters.forEach((bytes, index) => void writeSync(fd, bytes, 0, bytes.length, start + index * CLUSTER))
  closeSync(fd)
  return start
}

async function surveyed(file: string): Promise<Survey> {
  const source = openFileSource(file)
  onTestFinished(() => source.close())
  return survey(await openImage(source))
}

async function reclaimed(file: string) {
  const target = RepairTarget.open(file)
  try {
    return await reclaim(target, await planReclaim(await survey(await openImage(target.source))))
  } finally {
    target.close()
  }
}

/** The L2 table of the first window: looks like one wherever it stands. */
function l2Of(file: string): Buffer {
  const image = readFileSync(file)
  const l1 = Number(image.readBigUInt64BE(40))
  const l2 = Number(image.readBigUInt64BE(l1) & 0x00fffffffffffe00n)
  return Buffer.from(image.subarray(l2, l2 + CLUSTER))
}

const zeros = Buffer.alloc(CLUSTER)
const data = Buffer.alloc(CLUSTER, 'somebody wrote this here. ')

describe('reclaim', () => {
  it('gives zeros back wherever they are, and says how many bytes came back', async () => {
    const file = sparseImage()
    const start = append(file, zeros, zeros, zeros)
    const [before, { size, blocks }] = [hashOf(file), statSync(file)]
    const plan = await planReclaim(await surveyed(file))
    expect(plan).toEqual({ ranges: [{ offset: start, length: 3 * CLUSTER }], bytes: 3 * CLUSTER, kept: 0 })
    expect(await reclaimed(file)).toEqual({ bytes: 3 * CLUSTER, gained: 3 * CLUSTER })
    expect(statSync(file)).toMatchObject({ size, blocks: blocks - (3 * CLUSTER) / 512 })
    expect(hashOf(file)).toBe(before)
    expect(qemuImg(['check', file])).toContain('No errors')
    // And once more: the holes are found again, nothing more comes back.
    expect(await reclaimed(file)).toMatchObject({ gained: 0 })
  })

  it('keeps the copy of a table that no refcount accounts for: it may be data of the guest', async () => {
    const file = fullImage()
    const start = append(file, l2Of(file), zeros, l2Of(file))
    const plan = await planReclaim(await surveyed(file))
    expect(plan).toMatchObject({ ranges: [{ offset: start + CLUSTER, length: CLUSTER }], kept: 2 * CLUSTER })
    expect(await reclaimed(file)).toEqual({ bytes: CLUSTER, gained: CLUSTER })
    expect(
      readFileSync(file)
        .subarray(start, start + CLUSTER)
        .equals(l2Of(file)),
    ).toBe(true)
    qemuIo(['-c', 'read -P 0x5a 0 2M', file])
  })

  it('keeps data, which something may have lost', async () => {
    const file = sparseImage()
    const start = append(file, data, zeros)
    const plan = await planReclaim(await surveyed(file))
    expect(plan).toEqual({
      ranges: [{ offset: start + CLUSTER, length: CLUSTER }],
      bytes: CLUSTER,
      kept: CLUSTER,
    })
    await reclaimed(file)
    expect(
      readFileSync(file)
        .subarray(start, start + CLUSTER)
        .equals(data),
    ).toBe(true)
  })

  it('keeps what looks like a table, and the data it points to', async () => {
    const file = fullImage()
    const start = Math.ceil(statSync(file).size / CLUSTER) * CLUSTER
    const table = l2Of(file)
    for (let entry = 0; entry < 2; entry++)
      table.writeBigUInt64BE(BigInt(start + (1 + entry) * CLUSTER) | (1n << 63n), entry * 8)
    append(file, table, data, data, data)
    const plan = await planReclaim(await surveyed(file))
    const keptUpTo = start + 3 * CLUSTER
    expect(plan.ranges.every(({ offset }) => offset >= keptUpTo)).toBe(true)
    await reclaimed(file)
    expect(
      readFileSync(file)
        .subarray(start, start + CLUSTER)
        .equals(table),
    ).toBe(true)
    expect(
      readFileSync(file)
        .subarray(start + CLUSTER, start + 2 * CLUSTER)
        .equals(data),
    ).toBe(true)
  })

  it('is refused for an image that is damaged', async () => {
    const file = fullImage()
    const fd = openSync(file, 'r+')
    const entry = Buffer.alloc(8)
    const l1 = Buffer.alloc(8)
    readSync(fd, l1, 0, 8, 40)
    const at = Number(l1.readBigUInt64BE(0))
    readSync(fd, entry, 0, 8, at)
    entry.writeUInt8(entry.readUInt8(7) | 1, 7)
    writeSync(fd, entry, 0, 8, at)
    closeSync(fd)
    await expect(planReclaim(await surveyed(file))).rejects.toMatchObject({ code: 'refused' })
  })

  it('is refused for an image in use', async () => {
    const file = sparseImage()
    append(file, zeros)
    const plan = await planReclaim(await surveyed(file))
    const holder = await qemuIoHolding(file)
    expect(() => RepairTarget.open(file)).toThrow('locked by qemu-io')
    await holder.release()
    const target = RepairTarget.open(file)
    onTestFinished(() => target.close())
    execFileSync('touch', [file])
    await expect(reclaim(target, plan)).rejects.toMatchObject({ code: 'in-use' })
  })

  it('says so where nothing can punch', async () => {
    const file = sparseImage()
    append(file, zeros)
    const before = statSync(file).blocks
    const path = process.env.PATH
    try {
      const target = RepairTarget.open(file)
      onTestFinished(() => target.close())
      const plan = await planReclaim(await surveyed(file))
      process.env.PATH = folder()
      const failed = expect(reclaim(target, plan)).rejects
      await failed.toMatchObject({ code: 'refused', message: expect.stringContaining('fallocate') })
    } finally {
      process.env.PATH = path
    }
    expect(statSync(file).blocks).toBe(before)
  })

  it('of thousands of ranges', async () => {
    const file = fullImage()
    append(file, ...Array.from({ length: 2400 }, (_, index) => (index % 2 ? zeros : data)))
    const plan = await planReclaim(await surveyed(file))
    expect(plan.ranges).toHaveLength(1200)
    expect(await reclaimed(file)).toEqual({ bytes: 1200 * CLUSTER, gained: 1200 * CLUSTER })
  })

  it.each(['512', '4096', '2097152'])('with clusters of %s bytes punches whole blocks only', async (size) => {
    const file = `${folder()}/disk.qcow2`
    qemuImg(['create', '-q', '-f', 'qcow2', '-o', `cluster_size=${size}`, file, '4M'])
    qemuIo(['-c', 'write -P 0x5a 0 64k', file])
    execFileSync('truncate', ['-s', '%2097152', file])
    spawnSync('dd', [
      'if=/dev/zero',
      `of=${file}`,
      'bs=1M',
      'count=4',
      'oflag=append',
      'conv=notrunc',
      'status=none',
    ])
    const before = hashOf(file)
    const plan = await planReclaim(await surveyed(file))
    for (const { offset, length } of plan.ranges) expect([offset % 4096, length % 4096]).toEqual([0, 0])
    expect((await reclaimed(file)).gained).toBeGreaterThanOrEqual(2 << 20)
    expect(hashOf(file)).toBe(before)
  })
})
