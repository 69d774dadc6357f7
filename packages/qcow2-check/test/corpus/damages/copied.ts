import type { Damage, Expectation } from '../damage.ts'

const COPIED = 1n << 63n
const wrong: Expectation = {
  findings: ['copied-flag'],
  verdict: 'corrupt',
  safe: 'consistent',
  countsAsQemu: true,
}

/** Row 3: COPIED says whether a cluster may be written in place; it must be set exactly where its refcount is 1. */
export const COPIED_DAMAGES: readonly Damage[] = [
  {
    name: 'copied/cleared-l1',
    row: 3,
    story: 'the flag is missing in an L1 entry',
    inflict: (work) => {
      const table = work.active.l2[0]
      if (table === undefined) return undefined
      work.change(work.l1Entry(work.active, table.index), (entry) => entry & ~COPIED)
      return wrong
    },
  },
  {
    name: 'copied/cleared-l2',
    row: 3,
    story: 'the flag is missing in the L2 entry of a cluster that only the active disk has',
    inflict: (work) => {
      const data = work.onlyIn(work.active)[0]
      if (data === undefined) return undefined
      work.change(data.entry, (entry) => entry & ~COPIED)
      return wrong
    },
  },
  {
    name: 'copied/set-on-shared',
    row: 3,
    story: 'a cluster that snapshots share would be overwritten in place by the next write',
    inflict: (work) => {
      const shared = work.snapshots.length > 0 ? work.sharedByAll()[0] : undefined
      if (shared === undefined) return undefined
      work.change(shared.entry, (entry) => entry | COPIED)
      return wrong
    },
  },
  {
    name: 'copied/all-inverted',
    row: 3,
    story: 'every flag of an active L2 table is inverted',
    inflict: (work) => {
      const data = work.dataOf(work.active)
      if (data.length === 0) return undefined
      for (const { entry } of data) work.change(entry, (value) => value ^ COPIED)
      return wrong
    },
  },
  {
    name: 'copied/set-on-compressed',
    row: 15,
    story: 'a compressed cluster is marked as one that may be written in place',
    shapes: ['zlib-4k', 'zstd-64k', 'zlib-v2-64k'],
    inflict: (work) => {
      const compressed = work.active.mapped.find((mapped) => mapped.kind === 'compressed')
      if (compressed === undefined) return undefined
      work.change(compressed.entry, (entry) => entry | COPIED)
      return { findings: ['l2-compressed-copied'], verdict: 'corrupt', safe: 'consistent' }
    },
  },
]
