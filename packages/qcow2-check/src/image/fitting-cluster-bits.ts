import {
  type Geometry,
  geometryOf,
  getRefcount,
  type Header,
  INCOMPATIBLE,
  LIMITS,
  readEntry,
  reftableOffset,
} from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'
import { contradicted, isAligned } from './believe-cluster-bits.ts'
import { readRange } from './read-range.ts'

/**
 * The cluster size that the rest of the image has, where that of the header is impossible or contradicts it: the only
 * one with which tables begin at clusters, the L1 table is as long as the disk wants it, and the first refcount block
 * counts the clusters of the header, of the tables and of itself.
 *
 * A contradiction alone doesn't say which field is wrong. With one flipped bit the place of a table fits half the true
 * size, and all else nearly does, too; a repair by it would scramble the disk. So a size that the refcounts confirm is
 * kept.
 */
export async function fittingClusterBits(
  source: BlockSource,
  header: Header,
  believed: Geometry,
): Promise<Geometry> {
  const stated = header.clusterBits === believed.clusterBits
  const own = stated ? await fitOf(source, header, believed) : undefined
  if (own === 'to-the-end') return believed
  const extendedL2 = (header.incompatibleFeatures & INCOMPATIBLE.extendedL2) !== 0n
  const least = extendedL2 ? LIMITS.extendedL2ClusterBits : LIMITS.clusterBits.min
  const fitting: { readonly geometry: Geometry; readonly fit: Fit }[] = []
  for (let bits = least; bits <= LIMITS.clusterBits.max; bits++) {
    const geometry = geometryOf(bits, believed.refcountOrder, extendedL2)
    if (contradicted(header, geometry)) continue
    const fit = await fitOf(source, header, geometry)
    if (fit !== undefined) fitting.push({ geometry, fit })
  }
  // Half the true size often fits too, but then the file seems twice as long as what is counted.
  const closest = fitting.filter(({ fit }) => fit === 'to-the-end')
  // Where nobody is that close, a place between clusters is more likely the fault of its own field.
  if (closest.length === 0 && own !== undefined && !isAligned(header, believed)) return believed
  const [only, ...others] = closest.length > 0 ? closest : fitting
  return only !== undefined && others.length === 0 ? only.geometry : believed
}

/** `to-the-end`: the last cluster of the file is in use, as it mostly is. */
type Fit = 'beginning' | 'to-the-end'

async function fitOf(source: BlockSource, header: Header, geometry: Geometry): Promise<Fit | undefined> {
  const { refcountTableOffset, l1TableOffset } = header
  const { clusterSize, refcountBlockEntries: perBlock } = geometry
  const table = refcountTableOffset
  if (table === 0n || table >= BigInt(source.size) || table % BigInt(clusterSize) !== 0n) return undefined
  const blockOf = (cluster: number) => blockAt(source, header, geometry, Math.floor(cluster / perBlock))
  const first = await blockOf(0)
  if (first === undefined || first.offset === 0) return undefined
  for (const offset of [0n, table, BigInt(first.offset), l1TableOffset]) {
    if (offset % BigInt(clusterSize) !== 0n) continue
    const cluster = Number(offset) / clusterSize
    const block = await blockOf(cluster)
    if (block === undefined || block.stored(cluster % perBlock) === 0) return undefined
  }
  const last = Math.ceil(source.size / clusterSize) - 1
  const [block, next] = [await blockOf(last), await blockOf(last + perBlock)]
  // Behind the end of the file nothing is in use.
  if (block === undefined || next === undefined || next.offset !== 0) return undefined
  const within = last % perBlock
  for (let at = within + 1; at < Math.min(within + 17, perBlock); at++)
    if (block.stored(at) > 0) return undefined
  return block.stored(within) > 0 ? 'to-the-end' : 'beginning'
}

interface RefcountBlock {
  /** Bytes; 0: there is none, and every refcount is 0. */
  readonly offset: number
  readonly stored: (index: number) => number
}

/** @returns undefined where the entry of the refcount table can't be one */
async function blockAt(
  source: BlockSource,
  { refcountTableOffset, refcountTableClusters }: Header,
  { clusterSize, refcountOrder }: Geometry,
  index: number,
): Promise<RefcountBlock | undefined> {
  const none = { offset: 0, stored: () => 0 }
  if (index * 8 >= refcountTableClusters * clusterSize) return none
  const table = await readRange(source, Number(refcountTableOffset) + index * 8, 8)
  if (table.bytes.length < 8) return none
  const { high, low } = readEntry(table.bytes, 0)
  const offset = reftableOffset(high, low)
  if (offset === 0) return none
  if (offset % clusterSize !== 0) return undefined
  const block = new Uint8Array(clusterSize)
  block.set((await readRange(source, offset, clusterSize)).bytes)
  return { offset, stored: (at) => getRefcount(block, refcountOrder, at) }
}
