import { COMPRESSED_HIGH, compressedExtent } from '../format/index.ts'
import { type Inflate, loadInflate } from '../mapping/inflate.ts'
import { TooMuchWork } from './metadata-reader.ts'
import { type WindowTable, windowsOf } from './visit-windows.ts'
import type { WalkContext } from './walk-context.ts'

/** Bytes that are read and inflated beside 64 for each of the file: a few MiB can hold terabytes, or claim to. */
const INFLATED_ALLOWED = 2 ** 31
const INFLATED_PER_BYTE = 64
/** Clusters that fail before the rest is taken to be rubbish too. */
const MOST_FAILED = 2 ** 15
/** Places of compressed clusters that are remembered, as snapshots share them. */
const MOST_KNOWN = 2 ** 20

/** Inflates every compressed cluster once; those that can't be are findings. */
export async function inflateClusters(context: WalkContext): Promise<void> {
  const { image, reader } = context
  if (image.features.encryption !== 'none' || image.features.externalData) return
  const work = new ClusterInflater(context, await loadInflate(image.features.compression))
  const visited = new Set<number>()
  const { clusterSize } = image.geometry
  for await (const window of windowsOf(context, reader)) {
    for (const table of window) {
      if (table.offset % clusterSize !== 0 || table.offset >= image.fileSize || visited.has(table.offset))
        continue
      visited.add(table.offset)
      await work.table(table)
    }
  }
}

class ClusterInflater {
  readonly #context: WalkContext
  readonly #inflate: Inflate
  readonly #table: Uint8Array<ArrayBuffer>
  readonly #known = new Set<number>()
  #room = INFLATED_ALLOWED
  #credit: number
  #failed = 0

  constructor(context: WalkContext, inflate: Inflate) {
    this.#context = context
    this.#inflate = inflate
    this.#table = new Uint8Array(context.image.geometry.clusterSize)
    this.#credit = (INFLATED_PER_BYTE + 2) * context.image.fileSize
  }

  async table(table: WindowTable): Promise<void> {
    const { image, reader } = this.#context
    const { clusterSize, clusterBits, l2EntrySize, l2Coverage } = image.geometry
    const pending = reader.fill(this.#table, table.offset)
    if (typeof pending !== 'boolean') await pending
    const view = new DataView(this.#table.buffer)
    let used = false
    for (let at = 0; at < clusterSize; at += l2EntrySize) {
      const high = view.getUint32(at)
      const low = view.getUint32(at + 4)
      used ||= (high | low) !== 0
      if ((high & COMPRESSED_HIGH) === 0) continue
      const { host, length } = compressedExtent(high, low, clusterBits)
      // One beyond the end of the file was reported by the walk.
      if (host >= image.fileSize || this.#known.has(host)) continue
      if (this.#known.size < MOST_KNOWN) this.#known.add(host)
      const guest = table.l1Index * l2Coverage + (at / l2EntrySize) * clusterSize
      await this.#cluster(table, host, length, guest)
    }
    if (!used) reader.sawZeros(clusterSize)
    const turn = reader.breathe()
    if (turn) await turn
  }

  async #cluster(table: WindowTable, host: number, length: number, guest: number): Promise<void> {
    const { image, reader, findings } = this.#context
    const { clusterSize } = image.geometry
    const bytes = new Uint8Array(Math.min(length, image.fileSize - host))
    // An entry may claim two clusters of compressed bytes, and what inflates needs few of them.
    this.#room -= bytes.length + clusterSize
    if (this.#room < 0) throw new TooMuchWork('compressed clusters that hold more than the file could')
    const pending = reader.fill(bytes, host)
    if ((typeof pending === 'boolean' ? pending : await pending) === false) return
    const turn = reader.breathe()
    if (turn) await turn
    if (this.#inflate(bytes, clusterSize) !== undefined) {
      const earned = Math.min(INFLATED_PER_BYTE * bytes.length, this.#credit)
      this.#credit -= earned
      this.#room += earned
      return
    }
    if (++this.#failed > MOST_FAILED) throw new TooMuchWork('too many compressed clusters hold rubbish')
    const { compression } = image.features
    const snapshot = table.snapshots.includes(undefined) ? undefined : table.snapshots[0]
    findings.add(
      'compressed-data',
      host,
      bytes.length,
      { compression, why: `its bytes are no ${compression} data of a whole cluster` },
      {
        guest: { offset: guest, length: clusterSize },
        snapshot,
        repair: { class: 'none', safe: false, lossy: true },
      },
    )
  }
}
