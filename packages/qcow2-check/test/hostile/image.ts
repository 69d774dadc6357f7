import { headerBytes, SparseSource } from '../check/sparse-source.ts'

export const K = 1024
export const M = K * K
export const COPIED = 1n << 63n
export const COMPRESSED = 1n << 62n

/** A few MiB on the disk, however long the file says it is. */
export interface HostileImage {
  readonly name: string
  readonly make: () => SparseSource
}

type Fields = Parameters<typeof headerBytes>[0]

/** A header with a refcount table in cluster 1, and nothing else yet. */
export function claiming(
  size: number,
  fields: Partial<Fields> & Pick<Fields, 'clusterBits' | 'size' | 'l1Size' | 'l1'>,
): SparseSource {
  const refcounts = { refcountTable: 2 ** fields.clusterBits, refcountTableClusters: 1 }
  return new SparseSource(size).put(0, headerBytes({ ...refcounts, ...fields }))
}

/** Refcounts of 16 bits for the first `clusters` clusters, all of them 1: table in cluster 1, blocks at `blocks`. */
export function counted(
  image: SparseSource,
  clusterBits: number,
  clusters: number,
  blocks: number,
): SparseSource {
  const clusterSize = 2 ** clusterBits
  const perBlock = clusterSize / 2
  const count = Math.ceil(clusters / perBlock)
  const ones = Buffer.alloc(count * clusterSize)
  for (let cluster = 0; cluster < clusters; cluster++) ones.writeUInt16BE(1, cluster * 2)
  return image.entries(clusterSize, count, (index) => BigInt(blocks + index * clusterSize)).put(blocks, ones)
}

/** A compressed cluster of so many sectors at an offset. */
export function compressedEntry(clusterBits: number, offset: number, sectors: number): bigint {
  const shift = BigInt(62 - (clusterBits - 8))
  return COMPRESSED | (BigInt(sectors - 1) << shift) | BigInt(offset)
}

/** The same scatter in every run. */
export const scattered = (index: number, below: number): number => (index * 2_654_435_761) % below
