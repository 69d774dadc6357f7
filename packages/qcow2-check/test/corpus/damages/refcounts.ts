import type { Damage, Expectation } from '../damage.ts'
import type { Workpiece } from '../workpiece.ts'

const low: Expectation = {
  findings: ['refcount-low'],
  verdict: 'corrupt',
  safe: 'consistent',
  countsAsQemu: true,
}
const high: Expectation = {
  findings: ['refcount-high'],
  verdict: 'leaks',
  safe: 'consistent',
  countsAsQemu: true,
}

/** COPIED, which says 1, contradicts the count: QEMU calls that a corruption. */
const highAndCopied: Expectation = {
  findings: ['refcount-high', 'copied-flag'],
  verdict: 'corrupt',
  safe: 'consistent',
  countsAsQemu: true,
}

function mostReferenced(work: Workpiece): number | undefined {
  const limit = 2 ** Math.min(work.layout.refcountBits, 32) - 1
  return limit > 1 ? limit : undefined
}

/** Rows 1 and 2: refcounts that say too much or too little. */
export const REFCOUNT_DAMAGES: readonly Damage[] = [
  {
    name: 'refcount/high-data',
    row: 1,
    story: 'a data cluster is counted once more than it is referenced',
    inflict: (work) => {
      const data = work.onlyIn(work.active)[0]
      if (data === undefined || mostReferenced(work) === undefined) return undefined
      work.setRefcount(data.host, 2)
      return highAndCopied
    },
  },
  {
    name: 'refcount/high-table',
    row: 1,
    story: 'the active L1 table is counted three times',
    inflict: (work) => {
      if (mostReferenced(work) === undefined) return undefined
      work.setRefcount(work.active.l1.offset, 3)
      return high
    },
  },
  {
    name: 'refcount/saturated',
    row: 1,
    story: 'a count has the greatest value of its width',
    inflict: (work) => {
      const most = mostReferenced(work)
      const data = work.onlyIn(work.active).at(-1)
      if (most === undefined || data === undefined) return undefined
      if (work.refcount(data.host) === BigInt(most)) return undefined
      work.setRefcount(data.host, most)
      return highAndCopied
    },
  },
  {
    name: 'refcount/leak-empty',
    row: 1,
    story: 'clusters of zeros at the end are counted and belong to nobody',
    inflict: (work) => {
      const at = work.append(2)
      try {
        work.setRefcount(at, 1)
        work.setRefcount(at + work.clusterSize, 1)
      } catch {
        return undefined
      }
      return {
        findings: ['leak'],
        verdict: 'leaks',
        safe: ['consistent', 'leaks'],
        allowed: 'consistent',
        countsAsQemu: true,
      }
    },
  },
  {
    name: 'refcount/leak-data',
    row: 1,
    story: 'a cluster with data in it is counted and belongs to nobody',
    inflict: (work) => {
      const at = work.append(1)
      work.garbage(at, work.clusterSize)
      try {
        work.setRefcount(at, 1)
      } catch {
        return undefined
      }
      return {
        findings: ['leak'],
        verdict: 'leaks',
        safe: ['consistent', 'leaks'],
        // It can't be told from data whose L2 entry was lost.
        allowed: ['consistent', 'leaks'],
        countsAsQemu: true,
      }
    },
  },
  {
    name: 'refcount/zero-data',
    row: 2,
    story: 'a data cluster is taken for free',
    inflict: (work) => {
      const data = work.dataOf(work.active)[1]
      if (data === undefined) return undefined
      work.setRefcount(data.host, 0)
      return low
    },
  },
  {
    name: 'refcount/low-shared',
    row: 2,
    story: 'data that snapshots share with the active disk is counted once',
    inflict: (work) => {
      const shared = work.sharedByAll()[0]
      if (shared === undefined || work.snapshots.length === 0) return undefined
      work.setRefcount(shared.host, 1)
      return low
    },
  },
  {
    name: 'refcount/zero-l2',
    row: 2,
    story: 'an L2 table is taken for free',
    inflict: (work) => {
      const table = work.active.l2[0]
      if (table === undefined) return undefined
      work.setRefcount(table.offset, 0)
      return low
    },
  },
  {
    name: 'refcount/zero-l1',
    row: 2,
    story: 'the active L1 table is taken for free',
    inflict: (work) => {
      work.setRefcount(work.active.l1.offset, 0)
      return low
    },
  },
  {
    name: 'refcount/zero-header',
    row: 2,
    story: 'the cluster of the header is taken for free',
    inflict: (work) => {
      work.setRefcount(0, 0)
      return low
    },
  },
  {
    name: 'refcount/zero-snapshot-table',
    row: 2,
    story: 'the snapshot table is taken for free',
    inflict: (work) => {
      if (work.snapshots.length === 0) return undefined
      work.setRefcount(work.layout.snapshotTable.offset, 0)
      return low
    },
  },
  {
    name: 'refcount/zero-itself',
    row: 2,
    story: 'a refcount block says that it is free itself',
    inflict: (work) => {
      work.setRefcount(work.layout.refcountBlocks[0] as number, 0)
      return low
    },
  },
]
