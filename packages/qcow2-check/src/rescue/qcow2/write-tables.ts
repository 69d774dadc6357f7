import type { Finding } from '../../findings/index.ts'
import type { ExtentReader, LostRange } from '../../mapping/extent-reader.ts'
import { lossesOf, markLosses } from '../../mapping/losses.ts'
import type { ByteRange } from '../../mapping/tolerant-read.ts'
import type { TableReader } from '../../mapping/walk.ts'
import type { LostMap } from '../lost-map.ts'
import type { SequentialWriter } from '../sequential-writer.ts'
import { clusterRuns } from './cluster-runs.ts'
import { EntryWriter } from './entry-writer.ts'
import { L2Builder } from './l2-builder.ts'
import type { MadeClusters } from './made-clusters.ts'
import type { Allocator, OutputL1 } from './output-tables.ts'
import type { Place } from './place.ts'
import type { ReferenceCounts } from './reference-counts.ts'
import { type OutputDisk, type TableGroup, walkWindows } from './window-walk.ts'

/** What a disk of the output collects while tables are written. */
export interface DiskReport {
  readonly lost: LostMap
  vmStateLost: boolean
}

/** What tables are written into, and from. */
export interface WrittenParts {
  readonly output: SequentialWriter
  readonly references: ReferenceCounts
  readonly allocator: Allocator
  readonly made: MadeClusters
  readonly l1s: readonly OutputL1[]
}

export interface TableWriting {
  readonly reader: TableReader
  readonly extents: ExtentReader
  readonly disks: readonly OutputDisk[]
  readonly reports: readonly DiskReport[]
  readonly place: Place
  readonly backingSize: number
  readonly findings: readonly Finding[]
  /** What could not be read of the data, bytes of the source. */
  readonly bad: readonly ByteRange[]
  readonly signal: AbortSignal | undefined
  /** Absent: only say what is lost. */
  readonly into?: WrittenParts
}

const COPIED = 1n << 63n

/** Walks all tables once more, writes those of the output, and reports to each disk what it lacks. */
export async function writeTables(writing: TableWriting): Promise<void> {
  const { reader, disks, backingSize, signal, into } = writing
  const reporter = new LossReporter(writing)
  for await (const group of walkWindows(reader, disks, backingSize, signal)) {
    const lost = await writeGroup(group, writing)
    reporter.report(group, lost)
  }
  await into?.output.flush()
  for (const l1 of into?.l1s ?? []) await l1.flush()
}

/** @returns what the group's disks all lack */
async function writeGroup(group: TableGroup, writing: TableWriting): Promise<readonly LostRange[]> {
  const { reader, extents, place, disks, findings, into } = writing
  const { l2Coverage } = reader.image.geometry
  const offset = group.window * l2Coverage
  const length = (group.until - group.window) * l2Coverage
  if (typeof group.target === 'string') return [{ offset, length, reason: group.target }]
  const first = disks[group.disks[0] as number] as OutputDisk
  const nothing = group.extents.length === 0
  const whole = nothing ? [{ kind: 'backing', offset, length } as const] : group.extents
  const marked = markLosses(whole, lossesOf(first.disk, findings))
  const lost = marked.flatMap((extent) => extents.lossOf(extent) ?? extents.cutOff(extent) ?? [])
  if (!into || nothing) return lost
  const table = new L2Builder(place.clusterSize, reader.context.extendedL2)
  const entries = new EntryWriter(group, table, lost, writing, into)
  for (const run of clusterRuns(marked, place.clusterSize)) {
    const pending = entries.write(run)
    if (pending) await pending
  }
  if (table.empty) return lost
  const weight = group.disks.length
  const position = into.allocator.take(1, weight) * place.clusterSize
  await into.output.write(table.bytes, position)
  const copied = weight === 1 && group.disks[0] === 0
  for (const index of group.disks)
    await into.l1s[index]?.set(group.window, BigInt(position) | (copied ? COPIED : 0n))
  return lost
}

/**
 * Losses that are told one by one, of all disks together. A table of rubbish that thousands of snapshots share has
 * hundreds of millions; then a window is lost as a whole.
 */
const REPORTED = 2 ** 21

class LossReporter {
  readonly #writing: TableWriting
  #left = REPORTED

  constructor(writing: TableWriting) {
    this.#writing = writing
  }

  report(group: TableGroup, lost: readonly LostRange[]): void {
    const { disks, reports, reader } = this.#writing
    if (lost.length === 0) return
    this.#left -= lost.length * group.disks.length
    const told = this.#left >= 0 ? lost : [wholeWindow(group, lost, reader.image.geometry.l2Coverage)]
    for (const index of group.disks) {
      const { disk, diskWindows, windows } = disks[index] as OutputDisk
      const report = reports[index] as DiskReport
      if (group.window < diskWindows) for (const range of told) report.lost.addBelow(range, disk.size)
      const state = group.until > diskWindows && group.window < windows
      if (state && lost.some(({ reason }) => reason !== 'backing-not-read')) report.vmStateLost = true
    }
  }
}

function wholeWindow(
  { window, until }: TableGroup,
  [first]: readonly LostRange[],
  l2Coverage: number,
): LostRange {
  const reason = first?.reason ?? 'too-much-work'
  return { offset: window * l2Coverage, length: (until - window) * l2Coverage, reason }
}
