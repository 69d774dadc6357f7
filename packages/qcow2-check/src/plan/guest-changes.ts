import type { Survey } from '../check/survey.ts'
import type { Finding } from '../findings/index.ts'
import type { Image, Snapshot } from '../image/image.ts'
import { activeDisk, type GuestDisk, snapshotDisk } from '../mapping/disk.ts'
import type { Extent } from '../mapping/extent.ts'
import { loadInflate } from '../mapping/inflate.ts'
import { type MappingOptions, mappedLists } from '../mapping/mapping.ts'
import { tableReader } from '../mapping/walk.ts'
import { Work } from '../mapping/work.ts'
import type { Change } from '../source/index.ts'
import { readPadded } from './read-padded.ts'

/** A range of a disk that reads otherwise than before. */
export interface GuestChange {
  /** Id of the snapshot; undefined stands for the active disk. */
  readonly snapshot: string | undefined
  readonly offset: number
  readonly length: number
  /** Before, the image did not say what is there. */
  readonly wasLost: boolean
  /** Its place in the file is the same, and something was written there: where, bytes. */
  readonly overwritten: number | undefined
  /** Before, nothing was mapped there. */
  readonly wasHole: boolean
}

/** Bytes compared at once. */
const CHUNK = 1024 * 1024

/**
 * Compares what the guest reads, from the active disk and every snapshot that both have, by the mapping of both: the same
 * host range is the same data, unless something was written there.
 */
export async function* guestChanges(
  { image: before, findings }: Pick<Survey, 'image' | 'findings'>,
  after: Image,
  written: readonly Pick<Change, 'offset' | 'after'>[],
  signal?: AbortSignal,
): AsyncGenerator<GuestChange> {
  const pairs: [string | undefined, GuestDisk, GuestDisk][] = [
    [undefined, activeDisk(before), activeDisk(after)],
  ]
  const keyOf = ({ id, name, l1 }: Snapshot) => JSON.stringify([l1.offset, id, name])
  // The first of those that are alike.
  const kept = new Map(after.snapshots.entries.toReversed().map((one) => [keyOf(one), one]))
  for (const snapshot of before.snapshots.entries) {
    const same = kept.get(keyOf(snapshot))
    if (same && snapshot.sound) pairs.push([snapshot.id, snapshotDisk(snapshot), snapshotDisk(same)])
  }
  const told = new Map<string | undefined, Finding[]>()
  for (const finding of findings) {
    const known = told.get(finding.snapshot)
    if (known) known.push(finding)
    else told.set(finding.snapshot, [finding])
  }
  const touched = new Touched(written)
  for (const [snapshot, one, other] of pairs) {
    const left = new Cursor(before, one, { findings: told.get(snapshot) ?? [], ...(signal && { signal }) })
    const right = new Cursor(after, other, { ...(signal && { signal }) })
    for (;;) {
      const a = await left.current()
      const b = await right.current()
      if (a === undefined || b === undefined) break
      const length = Math.min(a.length, b.length)
      const same = await sameBytes({ image: before, extent: a }, { image: after, extent: b }, length, touched)
      if (!same)
        yield {
          snapshot,
          offset: a.offset,
          length,
          wasLost: a.kind === 'lost',
          wasHole: a.kind === 'backing',
          overwritten: a.kind === b.kind && a.host === b.host ? a.host : undefined,
        }
      left.skip(length)
      right.skip(length)
    }
  }
}

interface Side {
  readonly image: Image
  readonly extent: Extent
}

async function sameBytes(a: Side, b: Side, length: number, touched: Touched): Promise<boolean> {
  const one = a.extent
  const other = b.extent
  if (one.kind === 'lost' && other.kind === 'lost') return true
  // A raw data file reads as the disk does, whatever the tables say: zeros are zeros there too.
  if (readsRaw(a) && readsRaw(b)) return true
  if (one.kind === other.kind && one.host === other.host && one.hostLength === other.hostLength) {
    const external = a.image.features.externalData && one.kind === 'data'
    return one.host === undefined || external || !touched.in(one.host, one.hostLength ?? length)
  }
  if (one.kind === 'compressed' && other.kind === 'compressed' && one.host === other.host)
    return !touched.in(one.host ?? 0, one.hostLength ?? 0) && inflateAlike(a, b)
  if (reads(a) === undefined || reads(b) === undefined) return false
  if (reads(a) === 'zeros' && reads(b) === 'zeros') return true
  for (let at = 0; at < length; at += CHUNK) {
    const part = Math.min(CHUNK, length - at)
    if (Buffer.compare(await bytesOf(a, at, part), await bytesOf(b, at, part)) !== 0) return false
  }
  return true
}

function readsRaw({ image, extent }: Side): boolean {
  const own = extent.kind === 'data' && extent.host === extent.offset
  return image.features.rawExternal && (own || extent.kind === 'zero' || extent.kind === 'backing')
}

/** They begin at the same byte, and one claims more sectors than the other. */
async function inflateAlike(a: Side, b: Side): Promise<boolean> {
  const { features, geometry } = a.image
  if (features.compression !== b.image.features.compression || features.encryption !== 'none') return false
  const inflate = await loadInflate(features.compression)
  const [one, other] = await Promise.all(
    [a, b].map(async ({ image, extent }) =>
      inflate(await readPadded(image.source, extent.host ?? 0, extent.hostLength ?? 0), geometry.clusterSize),
    ),
  )
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
}

/** What can be compared without inflating and without a backing file. */
function reads({ image, extent }: Side): 'zeros' | 'bytes' | undefined {
  if (extent.kind === 'zero' || (extent.kind === 'backing' && image.backingFile === undefined)) return 'zeros'
  return extent.kind === 'data' && !image.features.externalData && image.features.encryption === 'none'
    ? 'bytes'
    : undefined
}

async function bytesOf(side: Side, at: number, length: number): Promise<Uint8Array> {
  return reads(side) === 'bytes'
    ? readPadded(side.image.source, (side.extent.host ?? 0) + at, length)
    : new Uint8Array(length)
}

/** Walks a disk's extents, of which the beginning can be taken away. */
class Cursor {
  readonly #lists: AsyncGenerator<readonly Extent[]>
  #list: readonly Extent[] = []
  #at = 0
  #taken = 0

  constructor(image: Image, disk: GuestDisk, options: Pick<MappingOptions, 'findings' | 'signal'>) {
    this.#lists = mappedLists(tableReader(image, Work.forImage(image)), disk, options)
  }

  /** What is left of the extent; undefined at the end of the disk. */
  async current(): Promise<Extent | undefined> {
    while (this.#at >= this.#list.length) {
      const next = await this.#lists.next()
      if (next.done) return undefined
      this.#list = next.value
      this.#at = 0
    }
    const extent = this.#list[this.#at] as Extent
    if (this.#taken === 0) return extent
    const { offset, length, host } = extent
    const moved = { ...extent, offset: offset + this.#taken, length: length - this.#taken }
    return host === undefined || extent.kind === 'compressed' ? moved : { ...moved, host: host + this.#taken }
  }

  skip(length: number): void {
    this.#taken += length
    if (this.#taken < (this.#list[this.#at]?.length ?? 0)) return
    this.#at++
    this.#taken = 0
  }
}

/** Ranges of the file that were written, to be asked by range. */
class Touched {
  readonly #starts: readonly number[]
  readonly #ends: readonly number[]

  constructor(written: readonly Pick<Change, 'offset' | 'after'>[]) {
    const sorted = [...written].sort((a, b) => a.offset - b.offset)
    this.#starts = sorted.map(({ offset }) => offset)
    this.#ends = sorted.map(({ offset, after }) => offset + after.length)
  }

  in(offset: number, length: number): boolean {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] as number) <= offset) low = middle + 1
      else high = middle
    }
    return low < this.#starts.length && (this.#starts[low] as number) < offset + length
  }
}
