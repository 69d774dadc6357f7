/** How a healthy image is made. */
export interface Shape {
  readonly name: string
  /** Bytes. */
  readonly clusterSize: number
  /** 2 is `compat=0.10`. */
  readonly version: 2 | 3
  readonly refcountBits: number
  /** Bytes of the guest's disk. */
  readonly virtualSize: number
  readonly snapshots: number
  readonly extendedL2?: boolean
  readonly compression?: 'zlib' | 'zstd'
  /** Some clusters are written compressed. */
  readonly compressed?: boolean
  readonly encryption?: 'luks' | 'aes'
  readonly dataFile?: 'cooked' | 'raw'
  readonly preallocation?: 'metadata' | 'falloc' | 'full'
  readonly lazyRefcounts?: boolean
  readonly backing?: 'raw' | 'qcow2'
  readonly bitmaps?: number
  /** The last snapshot holds the state of a machine. */
  readonly vmState?: boolean
  /** The guest keeps copies of tables and headers on its disk, as one does that stores images. */
  readonly decoys?: boolean
  /** Written in a random order. */
  readonly scattered?: boolean
  /** Names of the snapshots; s1, s2, ... without. */
  readonly names?: readonly string[]
  /** Ids of snapshots that are deleted again. */
  readonly deleted?: readonly string[]
  /** Bytes the disk is grown to after the first snapshot. */
  readonly resizedTo?: number
  /** Nothing is ever written. */
  readonly blank?: boolean
}

const K = 1024
const M = K * K

const base = { version: 3, refcountBits: 16, snapshots: 3 } as const

/** Every kind of image that the corpus damages. */
export const SHAPES: readonly Shape[] = [
  { ...base, name: 'v3-64k', clusterSize: 64 * K, virtualSize: 4 * M },
  { ...base, name: 'v3-64k-none', clusterSize: 64 * K, virtualSize: 4 * M, snapshots: 0 },
  { ...base, name: 'v3-64k-one', clusterSize: 64 * K, virtualSize: 4 * M, snapshots: 1 },
  { ...base, name: 'v3-64k-two', clusterSize: 64 * K, virtualSize: 4 * M, snapshots: 2 },
  { ...base, name: 'v3-4k-two', clusterSize: 4 * K, virtualSize: 2 * M, snapshots: 2 },
  { ...base, name: 'v3-64k-eight', clusterSize: 64 * K, virtualSize: 4 * M, snapshots: 8 },
  { ...base, name: 'v3-64k-windows', clusterSize: 64 * K, virtualSize: 516 * M, snapshots: 2 },
  { ...base, name: 'v3-512', clusterSize: 512, virtualSize: 256 * K },
  { ...base, name: 'v3-512-long', clusterSize: 512, virtualSize: 4 * M, snapshots: 1 },
  { ...base, name: 'v3-4k', clusterSize: 4 * K, virtualSize: 12 * M },
  { ...base, name: 'v3-4k-scattered', clusterSize: 4 * K, virtualSize: 12 * M, scattered: true },
  { ...base, name: 'v3-2M', clusterSize: 2 * M, virtualSize: 64 * M, snapshots: 1 },
  { ...base, name: 'v2-64k', clusterSize: 64 * K, virtualSize: 4 * M, version: 2 },
  { ...base, name: 'v2-4k', clusterSize: 4 * K, virtualSize: 12 * M, version: 2 },
  { ...base, name: 'v2-512', clusterSize: 512, virtualSize: 256 * K, version: 2, snapshots: 1 },
  { ...base, name: 'rc1-64k', clusterSize: 64 * K, virtualSize: 4 * M, refcountBits: 1, snapshots: 0 },
  { ...base, name: 'rc1-512', clusterSize: 512, virtualSize: 256 * K, refcountBits: 1, snapshots: 0 },
  { ...base, name: 'rc2-4k', clusterSize: 4 * K, virtualSize: 12 * M, refcountBits: 2, snapshots: 2 },
  { ...base, name: 'rc8-64k', clusterSize: 64 * K, virtualSize: 4 * M, refcountBits: 8 },
  { ...base, name: 'rc64-4k', clusterSize: 4 * K, virtualSize: 12 * M, refcountBits: 64 },
  { ...base, name: 'rc32-512', clusterSize: 512, virtualSize: 256 * K, refcountBits: 32, snapshots: 2 },
  { ...base, name: 'rc64-512', clusterSize: 512, virtualSize: 256 * K, refcountBits: 64 },
  { ...base, name: 'ext-64k', clusterSize: 64 * K, virtualSize: 4 * M, extendedL2: true },
  { ...base, name: 'ext-16k', clusterSize: 16 * K, virtualSize: 48 * M, extendedL2: true, snapshots: 2 },
  { ...base, name: 'zlib-4k', clusterSize: 4 * K, virtualSize: 12 * M, compressed: true, snapshots: 2 },
  { ...base, name: 'zlib-v2-64k', clusterSize: 64 * K, virtualSize: 4 * M, version: 2, compressed: true },
  {
    ...base,
    name: 'zstd-64k',
    clusterSize: 64 * K,
    virtualSize: 4 * M,
    compression: 'zstd',
    compressed: true,
    snapshots: 2,
  },
  {
    ...base,
    name: 'zstd-512',
    clusterSize: 512,
    virtualSize: 256 * K,
    compression: 'zstd',
    compressed: true,
  },
  { ...base, name: 'luks-64k', clusterSize: 64 * K, virtualSize: 4 * M, encryption: 'luks', snapshots: 2 },
  { ...base, name: 'aes-4k', clusterSize: 4 * K, virtualSize: 12 * M, encryption: 'aes', snapshots: 1 },
  { ...base, name: 'data-64k', clusterSize: 64 * K, virtualSize: 4 * M, dataFile: 'cooked', snapshots: 0 },
  { ...base, name: 'data-raw-64k', clusterSize: 64 * K, virtualSize: 4 * M, dataFile: 'raw', snapshots: 0 },
  {
    ...base,
    name: 'prealloc-64k',
    clusterSize: 64 * K,
    virtualSize: 4 * M,
    preallocation: 'metadata',
    snapshots: 1,
  },
  {
    ...base,
    name: 'falloc-4k',
    clusterSize: 4 * K,
    virtualSize: 2 * M,
    preallocation: 'falloc',
    snapshots: 2,
  },
  { ...base, name: 'lazy-64k', clusterSize: 64 * K, virtualSize: 4 * M, lazyRefcounts: true, snapshots: 2 },
  { ...base, name: 'backed-64k', clusterSize: 64 * K, virtualSize: 4 * M, backing: 'raw', snapshots: 2 },
  { ...base, name: 'backed-4k', clusterSize: 4 * K, virtualSize: 12 * M, backing: 'qcow2', snapshots: 1 },
  { ...base, name: 'bitmaps-64k', clusterSize: 64 * K, virtualSize: 4 * M, bitmaps: 2, snapshots: 2 },
  { ...base, name: 'bitmaps-512', clusterSize: 512, virtualSize: 256 * K, bitmaps: 3, snapshots: 1 },
  { ...base, name: 'vmstate-64k', clusterSize: 64 * K, virtualSize: 4 * M, vmState: true, snapshots: 2 },
  { ...base, name: 'decoys-64k', clusterSize: 64 * K, virtualSize: 4 * M, decoys: true },
  { ...base, name: 'decoys-4k', clusterSize: 4 * K, virtualSize: 12 * M, decoys: true, snapshots: 2 },
  { ...base, name: 'deleted-64k', clusterSize: 64 * K, virtualSize: 4 * M, deleted: ['2'] },
  { ...base, name: 'grown-4k', clusterSize: 4 * K, virtualSize: 6 * M, resizedTo: 12 * M },
  {
    ...base,
    name: 'names-64k',
    clusterSize: 64 * K,
    virtualSize: 4 * M,
    names: ['before the upgrade', 'vor dem Umbau \u00fc\u20ac', `long-${'x'.repeat(200)}`],
  },
  { ...base, name: 'blank-64k', clusterSize: 64 * K, virtualSize: 4 * M, blank: true, snapshots: 1 },
]

export function shapeNamed(name: string): Shape {
  const shape = SHAPES.find((candidate) => candidate.name === name)
  if (shape === undefined)
    throw new Error(`no shape ${name}; there are: ${SHAPES.map((s) => s.name).join(' ')}`)
  return shape
}
