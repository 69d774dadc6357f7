import { expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { headerBytes, SparseSource } from './sparse-source.ts'

const COPIED = 1n << 63n

/** 512 GiB of clusters of 512 bytes; with 4 KiB it takes 4 TiB, with 64 KiB 64 TiB. */
test('each of the L2 tables beyond cluster 2^30 is walked, and once', async () => {
  const size = 512
  const tables = 64
  const l1 = 0x1000
  const tableAt = (index: number) => (2 ** 30 + 1001 + index * 7) * size
  const dataAt = (index: number) => 5000 + index
  const source = new SparseSource((2 ** 30 + 2 ** 20) * size)
  const fields = { clusterBits: 9, l1Size: tables, l1, refcountTable: 0x20_0000, refcountTableClusters: 1 }
  source.put(0, headerBytes({ ...fields, size: BigInt(tables * 64 * size) }))
  source.entries(l1, tables, (index) => BigInt(tableAt(index)) | COPIED)
  for (let index = 0; index < tables; index++)
    source.entries(tableAt(index), 64, (entry) => (entry === 0 ? BigInt(dataAt(index) * size) | COPIED : 0n))
  const { referenced, counts } = await survey(await openImage(source))
  const wrong = Array.from({ length: tables }, (_, index) => dataAt(index)).filter(
    (cluster) => referenced(cluster) !== 1,
  )
  expect(wrong).toEqual([])
  expect(counts.allocatedClusters).toBe(tables)
})
