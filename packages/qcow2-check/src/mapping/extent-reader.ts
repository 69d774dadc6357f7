import { read as readFile } from 'node:fs'
import type { Image } from '../image/image.ts'
import type { BlockSource } from '../source/index.ts'
import type { Extent } from './extent.ts'
import { type Inflate, loadInflate } from './inflate.ts'
import { type ByteRange, readTolerantly } from './tolerant-read.ts'

/** A part of a disk that could not be had. */
export interface LostRange {
  /** Guest offset and length, bytes. */
  readonly offset: number
  readonly length: number
  /** The code of a finding. */
  readonly reason: string
}

/** A disk that can be read: a backing file, whatever its format. */
export interface GuestSource {
  /** Bytes; behind them it reads as zeros. */
  readonly size: number
  /** Fills `target`, with zeros where nothing can be had, and says where that was. */
  read(target: Uint8Array, offset: number): Promise<readonly LostRange[]>
}

const NONE: readonly LostRange[] = []

/** From this length on a read is left to another thread; below it that costs more than it saves. */
const ASIDE = 128 * 1024

/** Reads what extents point to. */
export class ExtentReader {
  readonly #image: Image
  readonly #data: BlockSource | undefined
  readonly #backing: GuestSource | undefined
  #inflate: Inflate | undefined

  constructor(image: Image, backing?: GuestSource) {
    this.#image = image
    this.#data = image.features.externalData ? image.dataFile : image.source
    this.#backing = backing
  }

  /** Whether an extent may have other bytes than zeros; without a backing file what it would have is lost. */
  holdsData({ kind, offset }: Extent): boolean {
    if (kind === 'backing') return this.#backing !== undefined && offset < this.#backing.size
    return kind === 'data' || kind === 'compressed'
  }

  /** What an extent can't give although nothing is read yet: everything of a lost one, a backing file that isn't open. */
  lossOf({ kind, offset, length, reason }: Extent): LostRange | undefined {
    if (kind === 'lost') return { offset, length, reason: reason ?? 'lost' }
    if (kind === 'data' && !this.#data) return { offset, length, reason: 'data-file-not-given' }
    const named = this.#image.backingFile !== undefined
    if (kind === 'backing' && !this.#backing && named) return { offset, length, reason: 'backing-not-read' }
    return undefined
  }

  /**
   * Fills `target` with an extent's bytes; zeros where they can't be had.
   *
   * @param target as long as the extent
   * @returns what could not be had
   */
  fill(target: Uint8Array, extent: Extent): readonly LostRange[] | Promise<readonly LostRange[]> {
    const loss = this.lossOf(extent)
    if (loss || extent.kind === 'zero' || extent.kind === 'lost') {
      target.fill(0)
      return loss ? [loss] : NONE
    }
    if (extent.kind === 'data') return this.#fillData(target, extent)
    if (extent.kind === 'compressed') return this.#fillCompressed(target, extent)
    if (this.#backing) return this.#backing.read(target, extent.offset)
    target.fill(0)
    return NONE
  }

  /**
   * What of an extent lies behind the end of the file: QEMU writes whole clusters, so that it was cut off, and is no
   * zeros. `fill` tells it too.
   */
  cutOff({ kind, offset, length, host = 0 }: Extent): LostRange | undefined {
    const missing = kind === 'data' && this.#data ? Math.min(length, host + length - this.#data.size) : 0
    if (missing <= 0) return undefined
    const reason = this.#image.features.externalData ? 'data-file-short' : 'truncated'
    return { offset: offset + length - missing, length: missing, reason }
  }

  #fillData(target: Uint8Array, extent: Extent): readonly LostRange[] | Promise<readonly LostRange[]> {
    const { offset, host = 0 } = extent
    const source = aside(this.#data as BlockSource, target.length)
    const pending = readTolerantly(source, target, host)
    const cut = this.cutOff(extent)
    const lost = (bad: readonly ByteRange[]) => {
      const ranges = unread(bad, offset - host)
      return cut ? [...ranges, cut] : ranges
    }
    return pending instanceof Promise ? pending.then(lost) : lost(pending)
  }

  async #fillCompressed(target: Uint8Array, extent: Extent): Promise<readonly LostRange[]> {
    const { offset, length, host = 0, hostLength = 0 } = extent
    const { features, geometry, source } = this.#image
    this.#inflate ??= await loadInflate(features.compression)
    const bytes = new Uint8Array(Math.min(hostLength, Math.max(0, source.size - host)))
    const bad = await readTolerantly(source, bytes, host)
    // A stream with a hole is of no use behind it, unless the hole is in the rest of its last sector.
    const whole = this.#inflate(bytes, geometry.clusterSize)
    const within = offset % geometry.clusterSize
    if (whole) target.set(whole.subarray(within, within + length))
    else target.fill(0)
    if (whole && features.encryption === 'none') return []
    return [{ offset, length, reason: bad.length > 0 ? 'read-error' : 'compressed-data' }]
  }
}

function unread(bad: readonly ByteRange[], move: number): readonly LostRange[] {
  if (bad.length === 0) return NONE
  return bad.map(({ offset, length }) => ({ offset: offset + move, length, reason: 'read-error' }))
}

/** A file's source reads at once, and blocks; for data, which is read in large pieces, it is better done aside. */
export function aside(source: BlockSource, length: number): BlockSource {
  const { fd } = source as { readonly fd?: unknown }
  if (length < ASIDE || typeof fd !== 'number') return source
  return { name: source.name, size: source.size, read: (target, offset) => readAside(fd, target, offset) }
}

function readAside(fd: number, target: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) =>
    readFile(fd, target, 0, target.length, offset, (error, count) =>
      error ? reject(error) : resolve(count),
    ),
  )
}
