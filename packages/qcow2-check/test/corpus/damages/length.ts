import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const everything = (work: Workpiece): (string | undefined)[] => work.layout.disks.map((disk) => disk.id)

const cut = (work: Workpiece, length: number): Expectation => {
  work.cut(length)
  return {
    findings: [['truncated', 'l2-entry-beyond-end', 'l1-entry-beyond-end', 'leak', 'refcount-high']],
    verdict: ['corrupt', 'leaks', 'incomplete'],
    safe: ['consistent', 'corrupt', 'leaks', 'incomplete'],
    allowed: ['consistent', 'corrupt', 'leaks', 'incomplete'],
    gone: everything(work),
  }
}

/** Row 19: what the length of the file says. */
export const LENGTH_DAMAGES: readonly Damage[] = [
  {
    name: 'length/last-cluster',
    row: 19,
    story: 'the last cluster is missing',
    inflict: (work) => cut(work, (Math.ceil(work.bytes.length / work.clusterSize) - 1) * work.clusterSize),
  },
  {
    name: 'length/part-of-cluster',
    row: 19,
    story: 'the last 300 bytes of the last cluster are missing: its owner sees zeros there',
    inflict: (work) => {
      const last = work
        .dataOf(work.active)
        .find((mapped) => mapped.host + mapped.length === work.bytes.length)
      if (last === undefined) return undefined
      work.cut(work.bytes.length - 300)
      return { findings: [], verdict: ['consistent', 'corrupt', 'leaks'], safe: 'consistent' }
    },
  },
  {
    name: 'length/tail',
    row: 19,
    story: 'the last quarter of the file is missing',
    inflict: (work) => cut(work, Math.floor((work.bytes.length * 0.75) / 512) * 512),
  },
  {
    name: 'length/half',
    row: 19,
    story: 'the second half of the file is missing',
    inflict: (work) => cut(work, Math.floor(work.bytes.length / 1024) * 512),
  },
  {
    name: 'length/header-only',
    row: 19,
    story: 'only the first cluster is left',
    inflict: (work) => cut(work, work.clusterSize),
  },
  {
    name: 'length/tail-zeroed',
    row: 19,
    story: 'the last quarter of the file reads as zeros, as after a crash of the host',
    inflict: (work) => {
      const from = Math.floor((work.bytes.length * 0.75) / 512) * 512
      work.zero(from, work.bytes.length - from)
      return {
        findings: [],
        verdict: ['consistent', 'corrupt', 'leaks'],
        // Where bitmaps were lost too, it takes consent that QEMU opens what reads zeros in place of data.
        safe: ['consistent', 'corrupt', 'leaks', 'incomplete'],
        allowed: ['consistent', 'corrupt', 'leaks'],
        gone: everything(work),
      }
    },
  },
  {
    name: 'length/appended-zeros',
    row: 19,
    story: 'zeros are appended that nobody counts',
    inflict: (work) => {
      work.append(3)
      return { findings: [], verdict: 'consistent', safe: 'consistent' }
    },
  },
  {
    name: 'length/appended-odd',
    row: 19,
    story: 'a piece of another file is appended',
    inflict: (work) => {
      work.bytes = Buffer.concat([work.bytes, Buffer.from('not mine '.repeat(37))])
      return { findings: [], verdict: 'consistent', safe: 'consistent' }
    },
  },
]
