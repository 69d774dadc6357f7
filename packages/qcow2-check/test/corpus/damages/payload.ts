import type { Damage, Expectation } from '../damage.ts'
import type { Mapped } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

const onCompressed = (
  name: string,
  story: string,
  inflict: (work: Workpiece, compressed: Mapped) => Expectation | undefined,
): Damage => ({
  name: `compressed/${name}`,
  row: 21,
  story,
  shapes: ['zlib-4k', 'zstd-64k', 'zlib-v2-64k', 'zstd-512'],
  inflict: (work) => {
    const compressed = work.active.mapped.find((mapped) => mapped.kind === 'compressed')
    return compressed === undefined ? undefined : inflict(work, compressed)
  },
})

/** QEMU finds nothing, and neither does a check without `--data`. */
const silent: Expectation = { findings: [], verdict: 'consistent', safe: 'consistent' }

const lost = (...findings: Expectation['findings']): Expectation => ({
  findings,
  verdict: 'corrupt',
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: ['consistent', 'corrupt', 'leaks'],
  gone: [undefined],
})

/** Row 21, what compressed clusters hold, and what a crypto header holds. */
export const PAYLOAD_DAMAGES: readonly Damage[] = [
  onCompressed('garbage', 'the compressed bytes are overwritten', (work, { host, length }) => {
    work.garbage(host, Math.min(length, 64))
    return silent
  }),
  onCompressed('zeroed', 'the compressed bytes read as zeros', (work, { host, length }) => {
    work.zero(host, Math.min(length, 64))
    return silent
  }),
  onCompressed('beyond-end', 'a compressed cluster lies beyond the end', (work, { entry }) => {
    const split = BigInt(62 - (Math.log2(work.clusterSize) - 8))
    work.change(entry, (value) => value | (1n << (split - 2n)))
    return lost('l2-entry-beyond-end')
  }),
  onCompressed('sectors', 'a compressed cluster claims as many sectors as it can', (work, { entry }) => {
    const bits = Math.log2(work.clusterSize) - 8
    work.change(entry, (value) => value | (((1n << BigInt(bits)) - 1n) << BigInt(62 - bits)))
    return { ...lost(), findings: [], verdict: ['consistent', 'corrupt'] }
  }),
  {
    name: 'crypto/header-zeroed',
    row: 21,
    story: 'the LUKS header reads as zeros: without a copy of it the data is lost for ever',
    shapes: ['luks-64k'],
    inflict: (work) => {
      if (work.layout.crypto === undefined) return undefined
      work.zero(work.layout.crypto.offset, 592)
      return {
        findings: ['crypto-header'],
        verdict: ['corrupt', 'incomplete'],
        safe: ['corrupt', 'incomplete'],
        allowed: ['corrupt', 'incomplete'],
        gone: work.layout.disks.map((disk) => disk.id),
      }
    },
  },
  {
    name: 'crypto/pointer-beyond-end',
    row: 18,
    story: 'the header extension says that the LUKS header lies beyond the end',
    shapes: ['luks-64k'],
    inflict: (work) => {
      if (work.layout.crypto === undefined) return undefined
      work.change(work.layout.crypto.extension + 8, (offset) => offset + (1n << 40n))
      return {
        findings: ['crypto-header'],
        verdict: ['corrupt', 'incomplete'],
        safe: ['consistent', 'corrupt', 'incomplete'],
        allowed: ['consistent', 'corrupt', 'incomplete'],
      }
    },
  },
]
