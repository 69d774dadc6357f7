import type { Damage, Expectation } from '../damage.ts'
import type { Mapped } from '../layout.ts'
import type { Workpiece } from '../workpiece.ts'

const COPIED = 1n << 63n

const linked = (
  name: string,
  story: string,
  inflict: (work: Workpiece, own: readonly Mapped[]) => Expectation | undefined,
  shapes?: readonly string[],
): Damage => ({
  name: `cross-link/${name}`,
  row: 16,
  story,
  ...(shapes ? { shapes } : {}),
  inflict: (work) => {
    const own = work.onlyIn(work.active)
    return own.length < 2 ? undefined : inflict(work, own)
  },
})

const crossed: Expectation = {
  findings: ['cross-link'],
  verdict: 'corrupt',
  safe: ['consistent', 'corrupt', 'leaks'],
  allowed: ['consistent', 'corrupt', 'leaks'],
  gone: [undefined],
}

/** Row 16: two owners that can't share a cluster. */
export const CROSS_LINK_DAMAGES: readonly Damage[] = [
  linked('data-data', 'two places of the active disk have the same cluster', (work, [one, other]) => {
    work.setU64((one as Mapped).entry, BigInt((other as Mapped).host) | COPIED)
    return crossed
  }),
  linked(
    'data-data-blessed',
    'the same, after `qemu-img check -r all` made the refcount fit',
    (work, [one, other]) => {
      if (work.layout.refcountBits === 1) return undefined
      for (const mapped of [one as Mapped, other as Mapped]) work.setU64(mapped.entry, (other as Mapped).host)
      work.setRefcount((other as Mapped).host, 2)
      work.setRefcount((one as Mapped).host, 0)
      return crossed
    },
  ),
  linked('data-snapshot', 'the active disk has a cluster of a snapshot, of another place', (work, [one]) => {
    const snapshot = work.snapshots[0]
    const theirs = snapshot && work.dataOf(snapshot).find((mapped) => mapped.guest !== one?.guest)
    if (theirs === undefined) return undefined
    work.setU64((one as Mapped).entry, BigInt(theirs.host) | COPIED)
    return crossed
  }),
  linked('data-l2', 'an L2 table is mapped as guest data', (work, [one]) => {
    work.setU64((one as Mapped).entry, BigInt(work.active.l2.at(-1)?.offset as number) | COPIED)
    return crossed
  }),
  linked('data-l1', 'the active L1 table is mapped as guest data', (work, [one]) => {
    work.setU64((one as Mapped).entry, BigInt(work.active.l1.offset) | COPIED)
    return crossed
  }),
  linked('data-refcounts', 'a refcount block is mapped as guest data', (work, [one]) => {
    work.setU64((one as Mapped).entry, BigInt(work.layout.refcountBlocks[0] as number) | COPIED)
    return crossed
  }),
  linked('data-snapshot-l1', 'the L1 table of a snapshot is mapped as guest data', (work, [one]) => {
    const snapshot = work.snapshots[0]
    if (snapshot === undefined) return undefined
    work.setU64((one as Mapped).entry, BigInt(snapshot.l1.offset) | COPIED)
    return crossed
  }),
  linked('l2-l2', 'two entries of the active L1 table name the same L2 table', (work) => {
    const [one, other] = work.active.l2
    if (one === undefined || other === undefined) return undefined
    work.setU64(work.l1Entry(work.active, one.index), BigInt(other.offset) | COPIED)
    return crossed
  }),
  linked('l2-data', 'an L1 entry names guest data as L2 table', (work, [one]) => {
    const table = work.active.l2[0]
    if (table === undefined) return undefined
    work.setU64(work.l1Entry(work.active, table.index), BigInt((one as Mapped).host) | COPIED)
    // With its table the disk's own reference is gone too: what remains is an L2 table full of noise.
    return { ...crossed, findings: [['cross-link', 'l2-entry-reserved', 'l2-entry-unaligned', 'lost-l2']] }
  }),
  linked('l1-l1', 'a snapshot has the L1 table of the active disk', (work) => {
    const snapshot = work.snapshots.at(-1)
    if (snapshot?.entry === undefined) return undefined
    work.setU64(snapshot.entry.offset, work.active.l1.offset)
    return {
      ...crossed,
      findings: [['cross-link', 'snapshot-l1-offset', 'snapshot-l1-lost']],
      gone: [snapshot.id],
    }
  }),
  linked(
    'compressed-data',
    'a compressed cluster lies in a cluster of plain data',
    (work, [one]) => {
      const compressed = work.active.mapped.find((mapped) => mapped.kind === 'compressed')
      if (compressed === undefined) return undefined
      const shift = BigInt((one as Mapped).host - compressed.host)
      work.change(compressed.entry, (value) => value + shift)
      return crossed
    },
    ['zlib-4k', 'zstd-64k'],
  ),
]
