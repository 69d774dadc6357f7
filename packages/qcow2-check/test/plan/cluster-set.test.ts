import { expect, test } from 'vitest'
import { ClusterSet } from '../../src/plan/cluster-set.ts'

test.each([
  ['within a byte', 1, 5],
  ['whole bytes', 8, 64],
  ['from the middle of a byte to that of another', 5, 100],
  ['over pages', 65_530, 140_000],
  ['a whole page', 65_536, 65_536],
  ['over clusters that are in it', 90, 30],
])('a range comes in as its clusters would: %s', (_, first, count) => {
  const [ranged, single] = [new ClusterSet(), new ClusterSet()]
  for (const cluster of [0, 97, 100, 65_535, 65_540, 131_072]) {
    ranged.add(cluster)
    single.add(cluster)
  }
  ranged.addRange({ first, count })
  for (let cluster = first; cluster < first + count; cluster++) single.add(cluster)
  expect([...ranged.ranges()]).toEqual([...single.ranges()])
  expect(ranged.size).toBe(single.size)
  expect(ranged.has(first + count)).toBe(single.has(first + count))
})
