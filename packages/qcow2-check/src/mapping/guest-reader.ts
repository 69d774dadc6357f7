import type { Finding } from '../findings/index.ts'
import type { Image } from '../image/image.ts'
import type { SnapshotEvidence } from '../recover/index.ts'
import { type GuestDisk, selectDisk } from './disk.ts'
import type { DiskSelector } from './extent.ts'
import { ExtentReader, type GuestSource, type LostRange } from './extent-reader.ts'
import { L1Entries } from './l1-entries.ts'
import { lossesOf, markLosses } from './losses.ts'
import { type TableReader, tableReader, walkDisk } from './walk.ts'
import { Work } from './work.ts'

export interface GuestReaderOptions {
  /** Read where the image holds nothing; without it, an image that names one has lost these parts. */
  readonly backing?: GuestSource | undefined
  /** Those of a survey, as for `mapping`. */
  readonly findings?: readonly Finding[]
  /** Give the ciphertext of an encrypted image; else none of it can be read. */
  readonly ciphertext?: boolean
  readonly signal?: AbortSignal | undefined
}

/** A disk of an image, read anywhere. Tables that were read last are kept. */
export class GuestReader implements GuestSource {
  readonly #reader: TableReader
  readonly #disk: GuestDisk
  readonly #l1: L1Entries
  readonly #extents: ExtentReader
  readonly #options: GuestReaderOptions

  constructor(image: Image, disk: GuestDisk, options: GuestReaderOptions = {}) {
    this.#reader = tableReader(image, new Work(Number.POSITIVE_INFINITY))
    this.#disk = disk
    this.#l1 = new L1Entries(image.source, disk, this.#reader.context)
    this.#extents = new ExtentReader(image, options.backing)
    this.#options = options
  }

  get size(): number {
    return this.#disk.size
  }

  async read(target: Uint8Array, offset: number): Promise<readonly LostRange[]> {
    const { findings = [], signal } = this.#options
    const end = Math.min(this.size, offset + target.length)
    if (end - offset < target.length) target.fill(0, Math.max(0, end - offset))
    if (offset >= end) return []
    if (this.#reader.image.features.encryption !== 'none' && !this.#options.ciphertext) {
      target.fill(0)
      return [{ offset, length: end - offset, reason: 'backing-unreadable' }]
    }
    const losses = lossesOf(this.#disk, findings)
    const lost: LostRange[] = []
    const span = { start: offset, end }
    for await (const extents of walkDisk(this.#reader, this.#disk, span, { signal, l1: this.#l1 })) {
      for (const extent of markLosses(extents, losses)) {
        const at = extent.offset - offset
        lost.push(...(await this.#extents.fill(target.subarray(at, at + extent.length), extent)))
      }
    }
    return lost
  }
}

/** What was read of a disk. */
export interface GuestBytes {
  /** Zeros where something is lost. */
  readonly bytes: Uint8Array
  readonly lost: readonly LostRange[]
}

/**
 * Reads a part of a disk: data, zeros, inflated clusters, and the backing file if one is given. Of an encrypted image
 * it is the ciphertext, zeros where nothing was written.
 *
 * @param offset bytes; what lies behind the disk's end reads as zeros
 * @throws Qcow2Error `no-snapshot`; what `signal` was aborted with
 */
export async function readGuest(
  image: Image,
  selector: DiskSelector,
  offset: number,
  length: number,
  options: GuestReaderOptions & { readonly snapshots?: readonly SnapshotEvidence[] } = {},
): Promise<GuestBytes> {
  const reader = new GuestReader(image, selectDisk(image, selector, options.snapshots), {
    ...options,
    ciphertext: true,
  })
  const bytes = new Uint8Array(length)
  const lost = await reader.read(bytes, offset)
  return { bytes, lost }
}
