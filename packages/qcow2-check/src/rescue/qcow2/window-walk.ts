import type { GuestDisk } from '../../mapping/disk.ts'
import { vmStateIndex } from '../../mapping/disk.ts'
import type { Extent } from '../../mapping/extent.ts'
import { ExtentList } from '../../mapping/extent-list.ts'
import { L1Entries, type L1Lookup } from '../../mapping/l1-entries.ts'
import { mapTable } from '../../mapping/l2-table.ts'
import type { TableReader } from '../../mapping/walk.ts'
import { entriesCost } from '../../mapping/work.ts'

/** A disk on its way into the output. */
export interface OutputDisk {
  readonly disk: GuestDisk
  /** Entries of its L1 table: the disk, and behind it machine state as far as there are tables for it. */
  readonly windows: number
  /** Of them, those of the disk. */
  readonly diskWindows: number
}

/** What all disks that share an L2 table have in its window. */
export interface TableGroup {
  /** L1 index; and the first one behind, where several windows have nothing. */
  readonly window: number
  readonly until: number
  /** Positions of the disks. */
  readonly disks: readonly number[]
  /** Where the table lies, bytes; 0: nothing is mapped; or why it is lost. */
  readonly target: L1Lookup | 'too-much-work'
  /** Of the whole window, in whole clusters; none where it is lost or nothing is mapped. */
  readonly extents: readonly Extent[]
}

export function outputDisk(disk: GuestDisk, l2Coverage: number): OutputDisk {
  const diskWindows = vmStateIndex(disk, l2Coverage)
  const mapped = disk.l1Bytes ? disk.l1Bytes.length / 8 : disk.l1.entries
  const state = Math.min(Math.ceil(disk.vmStateSize / l2Coverage), Math.max(0, mapped - diskWindows))
  return { disk, windows: diskWindows + state, diskWindows }
}

/** Guest bytes from the window's beginning on that belong to a disk, rounded up to clusters. */
function spanOf({ disk, diskWindows }: OutputDisk, window: number, reader: TableReader): number {
  const { l2Coverage, clusterSize } = reader.image.geometry
  const end = window < diskWindows ? disk.size : diskWindows * l2Coverage + disk.vmStateSize
  return Math.min(l2Coverage, Math.ceil((end - window * l2Coverage) / clusterSize) * clusterSize)
}

/** L1 entries of all disks together that are in memory at a time. */
const L1_ENTRIES = 2 ** 20

/** What an L1 entry costs, which is written again for each disk, in extents. */
const ENTRY_COST = 4

/**
 * Goes through all disks side by side, window by window, so that what they share is met together. Of a window, the
 * tables of the first disk come last: by then it is known who shares its clusters.
 *
 * @param everywhere also windows where nothing is mapped, below this guest offset
 */
export async function* walkWindows(
  reader: TableReader,
  disks: readonly OutputDisk[],
  everywhere: number,
  signal?: AbortSignal,
): AsyncGenerator<TableGroup, void, undefined> {
  const { image, context, tables, work } = reader
  const { l2Coverage } = image.geometry
  const perRead = Math.max(16, Math.min(65536, Math.floor(L1_ENTRIES / disks.length)))
  const l1s = disks.map(({ disk }) => new L1Entries(image.source, disk, context, perRead))
  const last = disks.reduce((most, { windows }) => Math.max(most, windows), 0)
  for (let window = 0; window < last; ) {
    signal?.throwIfAborted()
    const present = [...disks.keys()].filter((index) => window < (disks[index] as OutputDisk).windows)
    const nothing = { window, disks: present, extents: [] }
    if (!work.take(present.length * ENTRY_COST)) {
      yield { ...nothing, until: last, target: 'too-much-work' }
      return
    }
    if (present.every((index) => window >= (l1s[index] as L1Entries).count)) {
      for (const [target, sharing] of await groupByTarget(l1s, present, window))
        yield { ...nothing, until: last, disks: sharing, target }
      return
    }
    for (const [target, sharing] of await groupByTarget(l1s, present, window)) {
      const group = { window, until: window + 1, disks: sharing, target }
      if (typeof target === 'string') {
        yield { ...group, extents: [] }
        continue
      }
      const spans = sharing.map((index) => spanOf(disks[index] as OutputDisk, window, reader))
      const length = spans.reduce((most, span) => Math.max(most, span), 0)
      const offset = window * l2Coverage
      if (target === 0) {
        const filled = offset < everywhere
        yield { ...group, extents: filled ? [{ kind: 'backing', offset, length }] : [] }
        continue
      }
      const table = (await tables.load([target])).get(target)
      if (!table || !work.take(entriesCost(length / context.clusterSize))) {
        yield { ...group, target: 'too-much-work', extents: [] }
        continue
      }
      const into = new ExtentList(context)
      mapTable(table, offset, { start: offset, end: offset + length }, context, into)
      work.spend(into.length)
      yield { ...group, extents: into.takeAll() }
    }
    const next = nextWindow(disks, l1s, window + 1, last, everywhere / l2Coverage)
    if (next > window + 1) {
      const passed = present.filter((index) => window + 1 < (disks[index] as OutputDisk).windows)
      yield { window: window + 1, until: next, disks: passed, target: 0, extents: [] }
    }
    window = next
  }
}

/** By what the disks' L1 entries lead to; the group of the first disk is the last. */
async function groupByTarget(
  l1s: readonly L1Entries[],
  present: readonly number[],
  window: number,
): Promise<Map<L1Lookup, number[]>> {
  const groups = new Map<L1Lookup, number[]>()
  for (const index of present) {
    const pending = (l1s[index] as L1Entries).lookup(window)
    const target = pending instanceof Promise ? await pending : pending
    const group = groups.get(target)
    if (group) group.push(index)
    else groups.set(target, [index])
  }
  const first = groups.entries().next().value
  if (first && first[1][0] === 0) {
    groups.delete(first[0])
    groups.set(...first)
  }
  return groups
}

/** The first window in which some disk has an entry. */
function nextWindow(
  disks: readonly OutputDisk[],
  l1s: readonly L1Entries[],
  from: number,
  last: number,
  everywhere: number,
): number {
  if (from < everywhere) return from
  let next = last
  for (const [index, l1] of l1s.entries()) {
    const { windows } = disks[index] as OutputDisk
    if (from < windows) next = Math.min(next, l1.skipZeros(from, windows))
    if (next === from) return from
  }
  return next
}
