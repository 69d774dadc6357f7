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
import { readRange } from './read-range.ts'

/**
 * The cluster size that the rest of the image has, where that of the header is impossible or contradicts it: the only
 * one with which tables begin at clusters, the L1 table is as long as the disk wants it, and the first refcount block
 * counts the clusters of the header, of the tables and of itself.
 */
export async function believeClusterBits(
  source: BlockSource,
  header: Header,
  believed: Geometry,
): Promise<Geometry> {
  if (header.clusterBits === believed.clusterBits && !contradicted(header, believed)) return believed
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
  const [only, ...others] = closest.length > 0 ? closest : fitting
  return only !== undefined && others.length === 0 ? only.geometry : believed
}

/** `to-the-end`: the last cluster of the file is in use, as it mostly is. */
type Fit = 'beginning' | 'to-the-end'

/** What can be seen without reading: an L1 table is as long as its disk wants it, but for one that grew. */
function contradicted(header: Header, { clusterSize, l2Coverage }: Geometry): boolean {
  const { l1TableOffset, refcountTableOffset, snapshotsOffset, l1Size, size } = header
  const aligned = [l1TableOffset, refcountTableOffset, snapshotsOffset].every(
    (offset) => offset % BigInt(clusterSize) === 0n,
  )
  const coverage = BigInt(l2Coverage)
  return !aligned || BigInt(l1Size) < (size + coverage - 1n) / coverage
}

async function fitOf(source: BlockSource, header: Header, geometry: Geometry): Promise<Fit | undefined> {
  const { refcountTableOffset, l1TableOffset } = header
  const { clusterSize, refcountOrder, refcountBlockEntries } = geometry
  if (refcountTableOffset === 0n || refcountTableOffset >= BigInt(source.size)) return undefined
  const table = await readRange(source, Number(refcountTableOffset), 8)
  if (table.bytes.length < 8) return undefined
  const { high, low } = readEntry(table.bytes, 0)
  const blockOffset = reftableOffset(high, low)
  if (blockOffset === 0 || blockOffset % clusterSize !== 0) return undefined
  const { bytes } = await readRange(source, blockOffset, clusterSize)
  const stored = (offset: number) => getRefcount(block, refcountOrder, offset / clusterSize)
  const block = new Uint8Array(clusterSize)
  block.set(bytes)
  const used = [0, Number(refcountTableOffset), blockOffset, Number(l1TableOffset)]
  const counted = used.filter((offset) => offset / clusterSize < refcountBlockEntries)
  if (counted.length < 3 || !counted.every((offset) => stored(offset) > 0)) return undefined
  // Behind the end of the file nothing is in use.
  const behind = Math.ceil(source.size / clusterSize)
  for (let cluster = behind; cluster < Math.min(behind + 16, refcountBlockEntries); cluster++)
    if (getRefcount(block, refcountOrder, cluster) > 0) return undefined
  const last = behind - 1
  return last < refcountBlockEntries && getRefcount(block, refcountOrder, last) > 0
    ? 'to-the-end'
    : 'beginning'
}
