import type { Image } from '../image/image.ts'
import type { GuestDisk } from '../mapping/disk.ts'
import type { Extent } from '../mapping/extent.ts'
import { ExtentReader, type GuestSource } from '../mapping/extent-reader.ts'
import { mappedLists } from '../mapping/mapping.ts'
import { cutExtent, type TableReader } from '../mapping/walk.ts'
import { type ByteBudget, INFLATING } from './byte-budget.ts'
import { CopyJobs, PIECE } from './copy-jobs.ts'
import type { LostMap } from './lost-map.ts'
import type { RescueOptions } from './options.ts'
import type { OutputFile } from './output-file.ts'
import { nonZeroRuns } from './zero-runs.ts'

export interface RawCopy {
  readonly image: Image
  readonly reader: TableReader
  readonly disk: GuestDisk
  readonly backing: GuestSource | undefined
  readonly budget: ByteBudget
  readonly lost: LostMap
  /** Absent: only say what is lost. */
  readonly output: OutputFile | undefined
  /** Called with the guest offset that is reached, bytes. */
  readonly onReached: (offset: number) => void
  readonly options: Pick<RescueOptions, 'findings' | 'signal'>
}

/** What has less than this between them is copied at once, zeros and all: a write costs more than the bytes. */
const GAP = 65536

/** Extents close to one another, together at most a piece. */
interface Batch {
  readonly offset: number
  readonly length: number
  readonly extents: readonly Extent[]
}

/**
 * Copies a disk to the same offsets of a file; what is zero or lost is left out. The file's size is left to the caller.
 *
 * @throws Qcow2Error `not-written`; what `signal` was aborted with
 */
export async function copyRaw(copy: RawCopy): Promise<void> {
  const { image, reader, disk, backing, budget, lost, output, onReached, options } = copy
  const { signal } = options
  const extents = new ExtentReader(image, backing)
  // A compressed cluster is inflated as a whole: it isn't cut.
  const piece = Math.max(PIECE, image.geometry.clusterSize)
  const jobs = new CopyJobs(piece)
  const copyBatch = async (batch: Batch, buffer: Buffer): Promise<void> => {
    let filledTo = 0
    for (const extent of batch.extents) {
      const at = extent.offset - batch.offset
      if (at > filledTo) buffer.fill(0, filledTo, at)
      filledTo = at + extent.length
      const pending = extents.fill(buffer.subarray(at, filledTo), extent)
      for (const range of pending instanceof Promise ? await pending : pending) lost.add(range)
    }
    const filled = buffer.subarray(0, batch.length)
    for (const { start, end } of nonZeroRuns(filled, batch.offset))
      await output?.write(filled.subarray(start, end), batch.offset + start)
    onReached(batch.offset + batch.length)
  }
  try {
    const batches = batched(mappedLists(reader, disk, options), piece, (extent) => {
      const loss = extents.lossOf(extent)
      // What nothing is read of can't say itself that the file ends in its midst.
      const missing = loss ?? (output === undefined ? extents.cutOff(extent) : undefined)
      if (missing) lost.add(missing)
      return !loss && output !== undefined && extents.holdsData(extent)
    })
    for await (const batch of batches) {
      signal?.throwIfAborted()
      if (budget.take(costOf(batch))) await jobs.start((buffer) => copyBatch(batch, buffer))
      else lost.add({ offset: batch.offset, length: batch.length, reason: 'too-much-work' })
    }
  } finally {
    await jobs.settle()
  }
}

function costOf({ length, extents }: Batch): number {
  return length + INFLATING * extents.filter(({ kind }) => kind === 'compressed').length
}

/**
 * Cuts what is wanted at multiples of a piece, files are read and written best so, and joins small neighbours; in the
 * order of the disk.
 */
async function* batched(
  lists: AsyncIterable<readonly Extent[]>,
  piece: number,
  wanted: (extent: Extent) => boolean,
): AsyncGenerator<Batch, void, undefined> {
  let held: Extent[] = []
  let offset = 0
  let end = 0
  for await (const list of lists) {
    for (const extent of list) {
      if (!wanted(extent)) continue
      const last = extent.offset + extent.length
      for (let from = extent.offset, to = from; from < last; from = to) {
        to = Math.min(last, from + piece - (from % piece))
        const apart = from - end > GAP || Math.floor(from / piece) !== Math.floor(offset / piece)
        if (held.length > 0 && apart) {
          yield { offset, length: end - offset, extents: held }
          held = []
        }
        if (held.length === 0) offset = from
        const part = cutExtent(extent, { start: from, end: to })
        if (part) held.push(part)
        end = to
      }
    }
  }
  if (held.length > 0) yield { offset, length: end - offset, extents: held }
}
