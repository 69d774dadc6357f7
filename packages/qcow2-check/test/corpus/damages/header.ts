import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const inHeader = (
  name: string,
  story: string,
  inflict: (work: Workpiece) => Expectation | undefined,
  shapes?: readonly string[],
): Damage => ({ name: `header/${name}`, row: 18, story, ...(shapes ? { shapes } : {}), inflict })

/** The rest of the file proves what the field was. */
const proven = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: ['corrupt', 'incomplete'],
  safe: 'consistent',
})

/** Where a new refcount table is made, the blocks of the old one are leaked. */
const abandoned = (...findings: Expectation['findings']): Expectation => ({
  ...proven(...findings),
  safe: ['consistent', 'leaks'],
  allowed: 'consistent',
})

const version3 = (work: Workpiece): boolean => work.layout.version === 3

/** Row 18: fields of the header, one at a time. */
export const HEADER_DAMAGES: readonly Damage[] = [
  inHeader('magic-zeroed', 'the magic number is zero', (work) => {
    work.zero(0, 4)
    return proven('header-magic')
  }),
  inHeader('magic-flipped', 'one bit of the magic number is flipped', (work) => {
    work.bytes[1] = (work.bytes[1] as number) ^ 4
    return proven('header-magic')
  }),
  inHeader('version-zeroed', 'the version is 0', (work) => {
    work.setU32(4, 0)
    return proven('header-version')
  }),
  inHeader('version-4', 'the version is 4', (work) => {
    work.setU32(4, 4)
    return proven('header-version')
  }),
  inHeader('cluster-bits-zeroed', 'the cluster size is 2^0', (work) => {
    work.setU32(20, 0)
    return proven('header-cluster-bits')
  }),
  inHeader('cluster-bits-40', 'the cluster size is 2^40', (work) => {
    work.setU32(20, 40)
    return proven('header-cluster-bits')
  }),
  inHeader('cluster-bits-doubled', 'the cluster size is twice what it was', (work) => {
    if (work.clusterSize === 2 ** 21) return undefined
    work.setU32(20, Math.log2(work.clusterSize) + 1)
    return {
      ...proven(),
      safe: ['consistent', 'corrupt', 'incomplete'],
      allowed: ['consistent', 'corrupt', 'incomplete'],
    }
  }),
  inHeader('size-zeroed', 'the guest has a disk of 0 bytes', (work) => {
    // A disk that nothing was written to may have been made so.
    if (work.active.mapped.length === 0) return undefined
    work.setU64(24, 0)
    return {
      ...proven('header-virtual-size'),
      safe: ['consistent', 'corrupt'],
      allowed: ['consistent', 'corrupt'],
    }
  }),
  inHeader('size-huge', 'the guest has a disk of 2^63 bytes', (work) => {
    work.setU64(24, 1n << 63n)
    const findings = ['header-virtual-size', 'header-l1-size'] as const
    // The L1 table tells the size to a window only: without a snapshot that says it nothing proves it.
    return work.snapshots.length > 0 ? proven(findings) : { ...proven(findings), safe: 'incomplete' }
  }),
  inHeader('l1-size-zeroed', 'the active L1 table has no entries', (work) => {
    work.setU32(36, 0)
    return proven('header-l1-size')
  }),
  inHeader('l1-size-huge', 'the active L1 table has 2^32-1 entries', (work) => {
    work.setU32(36, 0xffffffff)
    return proven('header-l1-size')
  }),
  inHeader('l1-size-short', 'the active L1 table has an entry less than the disk needs', (work) => {
    const { offset, entries } = work.active.l1
    if (entries < 2) return undefined
    work.setU32(36, entries - 1)
    // The entry that is left out maps nothing, and no snapshot has the size: which of the two fields is wrong?
    const untold = work.u64(offset + (entries - 1) * 8) === 0n && work.snapshots.length === 0
    if (!untold) return proven('header-l1-size')
    return {
      ...proven('header-l1-size'),
      safe: ['corrupt', 'incomplete'],
      wants: ['relink'],
      allowed: 'consistent',
    }
  }),
  inHeader('l1-offset-zeroed', 'the active L1 table has no offset', (work) => {
    work.setU64(40, 0)
    return proven('header-l1-offset')
  }),
  inHeader('l1-offset-unaligned', 'the active L1 table begins in the midst of a cluster', (work) => {
    work.change(40, (offset) => offset + 8n)
    return proven('header-l1-offset')
  }),
  inHeader('l1-offset-beyond-end', 'the active L1 table lies beyond the end', (work) => {
    work.change(40, (offset) => offset ^ (1n << 42n))
    return proven('header-l1-offset')
  }),
  inHeader('l1-offset-flipped', 'one bit of the offset of the active L1 table is flipped', (work) => {
    work.change(40, (offset) => offset ^ BigInt(16 * work.clusterSize))
    return {
      ...proven(['header-l1-offset', 'cross-link', 'lost-l2', 'l1-entry-reserved', 'l1-entry-beyond-end']),
      verdict: ['corrupt', 'leaks'],
      // Where a snapshot's table stands there the guest reads something: to change that takes consent.
      safe: ['consistent', 'corrupt'],
      allowed: 'consistent',
    }
  }),
  inHeader('reftable-zeroed', 'the refcount table has no offset', (work) => {
    work.setU64(48, 0)
    return abandoned('header-refcount-table')
  }),
  inHeader('reftable-unaligned', 'the refcount table begins in the midst of a cluster', (work) => {
    work.change(48, (offset) => offset + 16n)
    return abandoned('header-refcount-table')
  }),
  inHeader('reftable-beyond-end', 'the refcount table lies beyond the end', (work) => {
    work.change(48, (offset) => offset ^ (1n << 44n))
    return abandoned('header-refcount-table')
  }),
  inHeader('reftable-clusters-zeroed', 'the refcount table has no clusters', (work) => {
    work.setU32(56, 0)
    return abandoned('header-refcount-table')
  }),
  inHeader('reftable-clusters-huge', 'the refcount table has 2^32-1 clusters', (work) => {
    work.setU32(56, 0xffffffff)
    return abandoned('header-refcount-table')
  }),
  inHeader('crypt-garbage', 'the encryption method is 0x5a', (work) => {
    work.setU32(32, 0x5a)
    // Its data look encrypted, and there is no header that would tell by whom.
    const told = work.healthy.shape.encryption === 'aes' ? 'incomplete' : 'consistent'
    return { ...proven('header-crypt-method'), safe: told, allowed: 'consistent' }
  }),
  inHeader(
    'crypt-zeroed',
    'an encrypted image says that it is not',
    (work) => {
      work.setU32(32, 0)
      return proven(['header-crypt-method', 'crypto-header', 'header-extension'])
    },
    ['luks-64k'],
  ),
  inHeader('order-7', 'refcounts are 2^7 bits wide', (work) => {
    if (!version3(work)) return undefined
    work.setU32(96, 7)
    return proven('header-refcount-order')
  }),
  inHeader('order-wrong', 'refcounts are half as wide as they were, or twice', (work) => {
    if (!version3(work)) return undefined
    const order = Math.log2(work.layout.refcountBits)
    work.setU32(96, order === 0 ? 1 : order - 1)
    return {
      findings: [['refcount-low', 'refcount-high', 'leak', 'header-refcount-order']],
      verdict: ['corrupt', 'leaks'],
      // With counts of 1 bit nothing can be shared: the width itself must be put right.
      safe: ['consistent', 'corrupt', 'leaks'],
      allowed: 'consistent',
    }
  }),
  inHeader('length-zeroed', 'the header has no length', (work) => {
    if (!version3(work)) return undefined
    work.setU32(100, 0)
    return proven('header-length')
  }),
  inHeader('length-huge', 'the header is longer than its cluster', (work) => {
    if (!version3(work)) return undefined
    work.setU32(100, 0x01000000)
    return proven('header-length')
  }),
  inHeader('length-odd', 'the length of the header is not a multiple of 8', (work) => {
    if (!version3(work)) return undefined
    work.setU32(100, 109)
    return { ...proven(['header-length', 'header-extension']), verdict: ['corrupt', 'incomplete'] }
  }),
  inHeader('compression-garbage', 'the compression type is 9', (work) => {
    if (!version3(work)) return undefined
    work.bytes[104] = 9
    return proven('header-compression-type')
  }),
  inHeader('backing-offset-garbage', 'the name of the backing file lies beyond the first cluster', (work) => {
    work.setU64(8, 0x4141_4141_4141n)
    work.setU32(16, 12)
    // Without the name the guest would read zeros where the backing file has data.
    const safe = work.healthy.shape.backing ? 'incomplete' : 'consistent'
    return { ...proven('header-backing-name'), safe }
  }),
  inHeader(
    'backing-size-huge',
    'the name of the backing file is 4096 bytes long',
    (work) => {
      work.setU32(16, 4096)
      return { ...proven('header-backing-name'), safe: ['consistent', 'incomplete', 'corrupt'] }
    },
    ['backed-64k', 'backed-4k'],
  ),
]
