import { expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { unreferencedIn } from '../../src/check/unreferenced.ts'
import { openImage } from '../../src/image/index.ts'
import { COPIED, claiming, counted, K, M, scattered } from '../hostile/image.ts'

/** Tables of an image that claims to be as long as that, with refcounts for its first clusters only. */
const claimed = (size: number) =>
  counted(
    claiming(size, { clusterBits: 9, size: 1n << 24n, l1Size: 512, l1: M })
      .entries(M, 512, (index) => COPIED | BigInt(2 * M + index * 512))
      .entries(2 * M, 32 * K, (index) =>
        index % 7 === 0 ? COPIED | BigInt(scattered(index, 2 ** 20) * 512) : 0n,
      ),
    9,
    5000,
    64 * K,
  )

/** Counters lie side by side up to 2^26 clusters, and are hashed beyond. */
test.each([2 ** 21, 2 ** 27])('of %i clusters those that are counted are found', async (clusters) => {
  const { nextCounted, nextReferenced, referenced, stored } = await survey(
    await openImage(claimed(clusters * 512)),
  )
  const found: number[] = []
  for (let cluster = nextCounted(0); cluster < clusters; cluster = nextCounted(cluster + 1))
    found.push(cluster)
  const expected = Array.from({ length: 2 ** 21 }, (_, cluster) => cluster).filter(
    (cluster) => referenced(cluster) > 0 || stored(cluster) > 0,
  )
  expect(expected.length).toBeGreaterThan(9000)
  expect(found).toEqual(expected)
  const used: number[] = []
  for (let cluster = nextReferenced(0); cluster < clusters; cluster = nextReferenced(cluster + 1))
    used.push(cluster)
  expect(used).toEqual(expected.filter((cluster) => referenced(cluster) > 0))
  expect(used.length).toBeLessThan(expected.length)
  const unused = [...unreferencedIn({ nextReferenced, referenced }, 3, clusters)]
  expect(unused.reduce((sum, { count }) => sum + count, 0)).toBe(
    clusters - 3 - used.filter((cluster) => cluster >= 3).length,
  )
  for (const { first, count } of unused) {
    expect([referenced(first), referenced(first + count - 1)]).toEqual([0, 0])
    expect(first === 3 || referenced(first - 1) > 0).toBe(true)
  }
  expect(nextCounted(2 ** 21)).toBe(clusters)
  expect(nextReferenced(2 ** 21)).toBe(clusters)
  expect(nextCounted(clusters + 5)).toBe(clusters)
})
