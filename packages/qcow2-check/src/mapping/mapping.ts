import type { Finding, GuestRange } from '../findings/index.ts'
import type { Image } from '../image/image.ts'
import type { SnapshotEvidence } from '../recover/index.ts'
import { type GuestDisk, selectDisk } from './disk.ts'
import type { DiskSelector, Extent } from './extent.ts'
import { ExtentList } from './extent-list.ts'
import { lossesOf, markLosses } from './losses.ts'
import { type TableReader, tableReader, walkDisk } from './walk.ts'
import { Work } from './work.ts'

/** Whose disk is mapped, and which part of it. */
export interface MappingOptions {
  /** Default: the active disk. */
  readonly disk?: DiskSelector
  /** A part of the disk only; by default all of it, without machine state. */
  readonly range?: GuestRange
  /** What a search for lost snapshots found; `orphan` disks are taken from it. */
  readonly snapshots?: readonly SnapshotEvidence[]
  /** Those of a survey: what it calls lost is then `lost` here too, though the tables look sound. */
  readonly findings?: readonly Finding[]
  readonly signal?: AbortSignal
}

/**
 * What lies where on a disk of the guest's: extents in ascending order, without gaps, joined. Broken tables make `lost`
 * extents, never an error; so does work without end (`too-much-work`), which only tables can ask for that were made for
 * it.
 *
 * @throws Qcow2Error `no-snapshot`; what `signal` was aborted with
 */
export async function* mapping(image: Image, options: MappingOptions = {}): AsyncGenerator<Extent, void> {
  const disk = selectDisk(image, options.disk ?? { kind: 'active' }, options.snapshots)
  const reader = tableReader(image, Work.forImage(image))
  for await (const extents of mappedLists(reader, disk, options)) yield* extents
}

/** As `mapping`, in lists: a loop over them is ten times as fast as one that awaits every extent. */
export async function* mappedLists(
  reader: TableReader,
  disk: GuestDisk,
  { range, findings = [], signal }: Pick<MappingOptions, 'range' | 'findings' | 'signal'> = {},
): AsyncGenerator<readonly Extent[], void, undefined> {
  const start = Math.min(disk.size, range?.offset ?? 0)
  const end = range ? Math.min(disk.size, start + range.length) : disk.size
  const losses = lossesOf(disk, findings)
  const lists = walkDisk(reader, disk, { start, end }, { signal })
  if (losses.length === 0) {
    yield* lists
    return
  }
  const into = new ExtentList(reader.context)
  for await (const extents of lists) {
    for (const extent of markLosses(extents, losses)) into.add(extent)
    const finished = into.takeFinished()
    if (finished.length > 0) yield finished
  }
  yield into.takeAll()
}
