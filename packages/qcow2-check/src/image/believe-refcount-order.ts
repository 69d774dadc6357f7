import {
  type Geometry,
  geometryOf,
  getRefcount,
  type Header,
  LIMITS,
  readEntry,
  reftableOffset,
} from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { readRange } from './read-range.ts'

/** The first clusters of an image (header, refcount table, refcount block, L1 table) have a refcount of 1. */
const FIRST = 3

/** The width of refcounts, where the header has an impossible one: that which the first refcount block has. */
export async function believeRefcountOrder(
  source: BlockSource,
  header: Header,
  geometry: Geometry,
): Promise<Geometry> {
  const { refcountOrder, refcountTableOffset } = header
  if (refcountOrder <= LIMITS.refcountOrder || refcountTableOffset >= BigInt(source.size)) return geometry
  const table = await readRange(source, Number(refcountTableOffset), 8)
  if (table.bytes.length < 8) return geometry
  const { high, low } = readEntry(table.bytes, 0)
  const { bytes } = await readRange(source, reftableOffset(high, low), FIRST * 8)
  if (bytes.length < FIRST * 8) return geometry
  for (let order = 0; order <= LIMITS.refcountOrder; order++) {
    const ones = Array.from({ length: FIRST }, (_, index) => getRefcount(bytes, order, index))
    if (ones.every((count) => count === 1))
      return geometryOf(geometry.clusterBits, order, geometry.subclusters > 1)
  }
  return geometry
}
