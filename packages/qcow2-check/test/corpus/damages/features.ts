import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const INCOMPATIBLE = 72
const AUTOCLEAR = 88

const ofVersion3 = (
  name: string,
  row: number,
  story: string,
  inflict: (work: Workpiece) => Expectation | undefined,
  shapes?: readonly string[],
): Damage => ({
  name: `feature/${name}`,
  row,
  story,
  ...(shapes ? { shapes } : {}),
  inflict: (work) => (work.layout.version === 3 ? inflict(work) : undefined),
})

const set = (work: Workpiece, bit: bigint): void => work.change(INCOMPATIBLE, (bits) => bits | (1n << bit))
const clear = (work: Workpiece, bit: bigint): void => work.change(INCOMPATIBLE, (bits) => bits & ~(1n << bit))

/** Rows 11 and 12, and the other feature bits and extensions of the header. */
export const FEATURE_DAMAGES: readonly Damage[] = [
  ofVersion3('dirty', 11, 'the dirty bit is set, the refcounts are right', (work) => {
    set(work, 0n)
    return { findings: ['dirty'], verdict: ['consistent', 'corrupt'], safe: 'consistent' }
  }),
  ofVersion3(
    'dirty-stale',
    11,
    'the dirty bit is set, and the refcounts of what was written last are missing',
    (work) => {
      const own = work.onlyIn(work.active)
      if (own.length === 0) return undefined
      set(work, 0n)
      for (const { host } of own) work.setRefcount(host, 0)
      return { findings: ['dirty', 'refcount-low'], verdict: 'corrupt', safe: 'consistent' }
    },
  ),
  ofVersion3('corrupt', 12, 'the corrupt bit is set, nothing is wrong', (work) => {
    set(work, 1n)
    return { findings: ['corrupt-bit'], verdict: ['consistent', 'corrupt'], safe: 'consistent' }
  }),
  ofVersion3('corrupt-low', 12, 'the corrupt bit is set, and an L2 table is taken for free', (work) => {
    const table = work.active.l2[0]
    if (table === undefined) return undefined
    set(work, 1n)
    work.setRefcount(table.offset, 0)
    return { findings: ['corrupt-bit', 'refcount-low'], verdict: 'corrupt', safe: 'consistent' }
  }),
  ofVersion3('unknown', 18, 'an incompatible feature bit is set that nobody knows', (work) => {
    set(work, 40n)
    return {
      findings: ['header-unknown-feature'],
      verdict: ['corrupt', 'incomplete'],
      safe: ['consistent', 'incomplete', 'corrupt'],
    }
  }),
  ofVersion3('extended-l2-set', 18, 'the image says that its L2 entries are extended', (work) => {
    if (work.healthy.shape.extendedL2) return undefined
    set(work, 4n)
    return {
      findings: [],
      // Where every entry has its neighbours, none contradicts itself: half of the clusters are leaked then.
      verdict: ['corrupt', 'incomplete', 'leaks'],
      safe: ['consistent', 'corrupt', 'incomplete', 'leaks'],
      allowed: 'consistent',
      gone: [undefined, ...work.snapshots.map((disk) => disk.id)],
    }
  }),
  ofVersion3(
    'extended-l2-cleared',
    18,
    'the image says that its L2 entries are not extended',
    (work) => {
      clear(work, 4n)
      return {
        findings: [],
        verdict: ['corrupt', 'incomplete'],
        safe: ['consistent', 'corrupt', 'incomplete'],
        allowed: 'consistent',
        gone: [undefined, ...work.snapshots.map((disk) => disk.id)],
      }
    },
    ['ext-64k', 'ext-16k'],
  ),
  ofVersion3(
    'compression-cleared',
    18,
    'the bit for zstd is gone, the type is still there',
    (work) => {
      clear(work, 3n)
      return { findings: ['header-compression-type'], verdict: ['corrupt', 'incomplete'], safe: 'consistent' }
    },
    ['zstd-64k', 'zstd-512'],
  ),
  ofVersion3('compression-set', 18, 'the bit for another compression is set, the type is zlib', (work) => {
    if (work.healthy.shape.compression === 'zstd') return undefined
    set(work, 3n)
    return { findings: ['header-compression-type'], verdict: ['corrupt', 'incomplete'], safe: 'consistent' }
  }),
  ofVersion3('data-file-set', 18, 'the image says that its data is in another file', (work) => {
    if (work.healthy.shape.dataFile) return undefined
    set(work, 2n)
    return {
      findings: [],
      verdict: ['corrupt', 'incomplete', 'leaks'],
      safe: 'consistent',
    }
  }),
  ofVersion3('extension-length', 18, 'the first header extension is longer than the cluster', (work) => {
    const at = work.u32(100)
    if (work.u32(at) === 0) return undefined
    work.setU32(at + 4, 0x7fffffff)
    return {
      findings: ['header-extension'],
      verdict: ['corrupt', 'incomplete'],
      safe: ['consistent', 'incomplete', 'corrupt'],
      allowed: ['consistent', 'incomplete', 'corrupt'],
    }
  }),
  ofVersion3('extension-garbage', 18, 'the header extensions are overwritten', (work) => {
    work.garbage(work.u32(100), 48)
    return {
      findings: ['header-extension'],
      verdict: ['corrupt', 'incomplete'],
      // Where the name of a backing file was among them, only its owner knows it.
      safe: ['consistent', 'incomplete', 'corrupt'],
      allowed: ['consistent', 'incomplete', 'corrupt'],
    }
  }),
  ofVersion3('autoclear-unknown', 18, 'an unknown autoclear bit is set, which means nothing', (work) => {
    work.change(AUTOCLEAR, (bits) => bits | (1n << 33n))
    return { findings: [], verdict: 'consistent', safe: 'consistent' }
  }),
]
