import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Survey, survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { Workpiece } from '../corpus/workpiece.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const OFFSET = 0x00ff_ffff_ffff_fe00n

async function damaged(shape: string, inflict: (work: Workpiece) => void): Promise<Survey> {
  const work = new Workpiece(await makeHealthy(shapeNamed(shape)))
  inflict(work)
  return survey(await openImage(new MemorySource(work.bytes)))
}

/** L1 entry, L2 table and data entries of the active disk's first window. */
function firstWindow(work: Workpiece) {
  const l1 = Number(work.u64(40))
  const l2 = Number(work.u64(l1) & OFFSET)
  const entries: number[] = []
  for (let at = l2; at < l2 + work.clusterSize; at += 8)
    if ((work.u64(at) & OFFSET) !== 0n && (work.u64(at) & (1n << 62n)) === 0n) entries.push(at)
  return { l1, l2, entries }
}

describe('explained leaks', () => {
  test('a zeroed L1 entry: the L2 table and its data are found among the leaks, and not to be freed', async () => {
    const result = await damaged('v3-64k-none', (work) => work.setU64(firstWindow(work).l1, 0n))
    const lost = result.findings.find(({ code }) => code === 'lost-l2')
    expect(lost?.fields).toMatchObject({ cause: 'orphan-table', windowBytes: 2 ** 29 })
    expect(lost?.fields.clusters).toBe(result.counts.leaks)
    const leaks = result.findings.filter(({ code }) => code === 'leak')
    expect(leaks.map(({ repair }) => repair.class)).toEqual(leaks.map(() => 'none'))
  })

  test('a zeroed L2 table: its window is told', async () => {
    const result = await damaged('v3-64k-none', (work) => work.zero(firstWindow(work).l2, work.clusterSize))
    const lost = result.findings.find(({ code }) => code === 'lost-l2')
    expect(lost?.fields).toMatchObject({ cause: 'empty-table', clusters: result.counts.leaks })
    expect(lost?.guest).toEqual({ offset: 0, length: 2 ** 29 })
  })

  test('an L2 table of rubbish: its window is told', async () => {
    const result = await damaged('v3-64k-none', (work) => {
      const { l2 } = firstWindow(work)
      work.garbage(l2, work.clusterSize)
    })
    const lost = result.findings.find(({ code }) => code === 'lost-l2')
    expect(lost?.fields.cause).toBe('garbled-table')
  })

  test('a single leaked cluster is a leak', async () => {
    const result = await damaged('v3-64k-none', (work) =>
      work.setU64(firstWindow(work).entries[3] as number, 0n),
    )
    expect(result.findings.map(({ code }) => code)).toEqual(['leak'])
    expect(result.findings[0]?.repair.class).toBe('free-leaks')
    expect(result.leaked).toHaveLength(1)
  })

  test('an L1 table of zeros where refcounts have its references: that snapshot is lost', async () => {
    const result = await damaged('v3-64k', (work) => {
      const table = Number(work.u64(64))
      work.zero(Number(work.u64(table)), work.u32(table + 8) * 8)
    })
    const lost = result.findings.filter(({ code }) => code === 'snapshot-l1-lost')
    expect(lost.map(({ snapshot }) => snapshot)).toEqual(['1'])
  })
})

/** A snapshot of an empty disk, then 2 MiB of data; and the same once a second snapshot was taken. */
function withEmptySnapshot(clusterSize: number): { before: Buffer; after: Buffer } {
  using scratch = new Scratch('qcow2-empty-snapshot')
  const path = scratch.file('image.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', `cluster_size=${clusterSize}`, path, '64M'])
  qemuImg(['snapshot', '-q', '-c', 'empty', path])
  qemuIo(['-f', 'qcow2', '-c', 'write -q -P 90 0 2M', path])
  const before = readFileSync(path)
  qemuImg(['snapshot', '-q', '-c', 'second', path])
  return { before, after: readFileSync(path) }
}

describe.each([512, 65536])('a snapshot of an empty disk is not lost, clusters of %i bytes', (size) => {
  const { before, after } = withEmptySnapshot(size)
  const l1 = (image: Buffer) => Number(image.readBigUInt64BE(40))

  test.each([
    [
      'an L2 table that the active L1 table does not name yet',
      'lost-l2',
      () => {
        const image = Buffer.from(before)
        image.fill(0, l1(image), l1(image) + 8)
        return image
      },
    ],
    [
      'a second one that the header does not name yet',
      'snapshot-orphan',
      () => {
        const image = Buffer.from(after)
        before.copy(image, 60, 60, 72)
        return image
      },
    ],
  ] as const)('%s', async (_, told, make) => {
    const { findings } = await survey(await openImage(new MemorySource(make())))
    const codes = findings.map(({ code }) => code)
    expect(codes).toContain(told)
    expect(codes).not.toContain('snapshot-l1-lost')
  })
})

describe('cross-links', () => {
  test('two guest offsets, blessed with a refcount of 2: both sides are told', async () => {
    let guests: number[] = []
    const result = await damaged('v3-64k-none', (work) => {
      const { l2, entries } = firstWindow(work)
      const [first, , third] = entries as [number, number, number]
      guests = [first, third].map((at) => ((at - l2) / 8) * work.clusterSize)
      // As `qemu-img check -r all` leaves it: COPIED cleared on both sides, the refcount raised.
      work.setU64(first, work.u64(first) & ~(1n << 63n))
      work.setU64(third, work.u64(first))
      const block = Number(work.u64(Number(work.u64(48))))
      work.bytes.writeUInt16BE(2, block + (Number(work.u64(first) & OFFSET) / work.clusterSize) * 2)
    })
    expect(result.counts.corruptions).toBe(0)
    expect(result.verdict).toBe('corrupt')
    const link = result.findings.find(({ code }) => code === 'cross-link')
    expect(link?.guest?.offset).toBe(guests[0])
    expect(link?.fields).toMatchObject({ firstKind: 'data', secondKind: 'data', otherGuest: guests[1] })
    const owners = await result.ownersOf(new Set(result.crossLinked))
    expect([...owners.values()][0]).toHaveLength(2)
  })

  test('guest data and a table', async () => {
    const result = await damaged('v3-4k', (work) => {
      const { l2, entries } = firstWindow(work)
      work.setU64(entries[0] as number, BigInt(l2) | (1n << 63n))
    })
    const link = result.findings.find(({ code }) => code === 'cross-link')
    expect([link?.fields.firstKind, link?.fields.secondKind].sort()).toEqual(['data', 'l2'])
  })

  test('one L2 table at two L1 indexes', async () => {
    const result = await damaged('v3-64k-windows', (work) => {
      const { l1 } = firstWindow(work)
      work.setU64(l1 + 8, work.u64(l1))
    })
    const link = result.findings.find(({ code }) => code === 'cross-link')
    expect(link?.fields).toMatchObject({ firstKind: 'l2', secondKind: 'l2' })
  })
})

test('every use is told, as often as clusters are referenced', async () => {
  for (const name of ['v3-64k', 'zlib-4k', 'v3-512', 'bitmaps-64k', 'vmstate-64k']) {
    const { bytes } = await makeHealthy(shapeNamed(name))
    const result = await survey(await openImage(new MemorySource(bytes)))
    const counted = new Array<number>(result.clusters).fill(0)
    await result.visit(({ first, count, owner }) => {
      const times = 'snapshots' in owner ? owner.snapshots.length : 1
      for (let cluster = first; cluster < first + count; cluster++)
        counted[cluster] = (counted[cluster] as number) + times
    })
    expect(counted, name).toEqual(counted.map((_, cluster) => result.referenced(cluster)))
    expect(counted, name).toEqual(counted.map((_, cluster) => result.stored(cluster)))
  }
})
