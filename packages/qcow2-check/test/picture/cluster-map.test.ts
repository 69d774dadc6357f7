import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { clusterMap } from '../../src/picture/index.ts'
import { planRepair } from '../../src/plan/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { damagedCase } from '../recover/look.ts'
import { qemu, qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { makeSnapshotImage, mapOf } from './images.ts'

const scratch = new Scratch('qcow2-map')
const image = scratch.file('snapshot.qcow2')
beforeAll(() => makeSnapshotImage(image))
afterAll(() => scratch[Symbol.dispose]())

it('shows each cluster as what qemu-img made of it', async () => {
  const { totals, clusters, cells, clustersPerCell } = await mapOf(image)
  expect(clusters).toBe(Math.ceil(statSync(image).size / 65_536))
  expect(clustersPerCell).toBe(1)
  // 16 clusters were written and shared; 8 of them written anew, one compressed.
  expect(totals).toMatchObject({ shared: 8, snapshot: 8, active: 8, compressed: 1, leaked: 0, other: 0 })
  // The header, two L1 tables, an L2 table each, the snapshot table; the refcount table and one block.
  expect(totals).toMatchObject({ table: 6, refcount: 2 })
  expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).toBe(clusters)
  expect(cells.map((cell) => Object.values(cell.counts))).toEqual(cells.map(() => [1]))
})

it('gives cells several clusters where there are many, and loses none', async () => {
  const large = scratch.file('large.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', 'preallocation=metadata,cluster_size=4k', large, '200M'])
  const { cells, clusters, clustersPerCell, totals } = await mapOf(large)
  expect(clustersPerCell).toBe(Math.ceil(clusters / 8192))
  expect(clustersPerCell).toBeGreaterThan(1)
  expect(cells.reduce((sum, cell) => sum + cell.clusters, 0)).toBe(clusters)
  expect(totals.active).toBe((200 * 2 ** 20) / 4096)
})

it('marks what is broken, and leaks only as leaks', async () => {
  const broken = scratch.file('broken.qcow2')
  qemuImg(['convert', '-O', 'qcow2', image, broken])
  const fd = openSync(broken, 'r+')
  const { clusters } = await mapOf(broken)
  // Refcount 2 of the header; refcount 1 of a cluster behind the end.
  writeSync(fd, Buffer.from([0, 2]), 0, 2, 2 * 65_536)
  writeSync(fd, Buffer.from([0, 0]), 0, 2, 2 * 65_536 + (clusters - 1) * 2)
  closeSync(fd)
  expect(qemu('qemu-img', ['check', broken]).status).toBe(2)
  const { cells } = await mapOf(broken)
  expect(cells[0]).toMatchObject({ codes: ['refcount-high'], damaged: false })
  expect(cells.at(-1)).toMatchObject({ codes: expect.arrayContaining(['refcount-low']), damaged: true })
  expect(cells.filter(({ damaged }) => damaged).length).toBeLessThan(4)
})

it('shows what a repair has pinned as that', async () => {
  const { bytes } = await damagedCase('bitmaps-64k', 'bitmaps/directory-garbage')
  const source = new MemorySource(Buffer.from(bytes))
  const damaged = await survey(await openImage(source))
  const { actions } = await planRepair(damaged.image, damaged, { allow: ['drop-bitmaps', 'pin-leaks'] })
  for (const { writes } of actions) for (const { offset, after } of writes) source.write(after, offset)
  const { totals } = await clusterMap(await survey(await openImage(source)))
  expect((await clusterMap(damaged)).totals.pinned).toBe(0)
  expect(totals.pinned).toBeGreaterThan(0)
  expect(totals.leaked).toBe(0)
})
