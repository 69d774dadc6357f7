import type { Remedy } from '../findings/index.ts'
import { REFTABLE_RESERVED_LOW, reftableOffset } from '../format/index.ts'
import { filledLength } from '../format/zeros.ts'
import { USE_ALONE } from './counters/cell.ts'
import type { WalkContext } from './walk-context.ts'

const REBUILD: Remedy = { class: 'rebuild-refcounts', safe: true, lossy: false }

/** Bytes of the refcount table that are read at once. */
const CHUNK = 65_536

/**
 * Reads the refcount table and counts the references to its blocks, the last ones to be counted.
 *
 * @returns offset of each refcount block, bytes; 0 where there is none that can be believed
 */
export async function readRefcountTable(context: WalkContext): Promise<Float64Array> {
  const { image, reader, findings, tally, store, counter } = context
  const { clusterSize, refcountBlockEntries: perBlock } = image.geometry
  const { offset, length } = image.refcountTable
  // Blocks beyond the end of the file are counted and never read.
  const blocks = new Float64Array(Math.min(length / 8, Math.ceil(store.clusters / perBlock)))
  const bytes = store.tables(Math.min(CHUNK, length))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const believed = new Set<number>()
  for (let from = 0; from < length; from += CHUNK) {
    const part = bytes.subarray(0, Math.min(CHUNK, length - from))
    const pending = reader.fill(part, offset + from)
    if (typeof pending !== 'boolean') await pending
    const turn = reader.breathe()
    if (turn) await turn
    let used = false
    const words = new Int32Array(part.buffer, part.byteOffset, part.length >>> 2)
    const filled = filledLength(part)
    for (let at = 0; at < filled; at += 8) {
      if (((words[at >>> 2] as number) | (words[(at >>> 2) + 1] as number)) === 0) continue
      const high = view.getUint32(at)
      const low = view.getUint32(at + 4)
      used = true
      const index = (from + at) / 8
      const block = reftableOffset(high, low)
      const fault = (why: string) => {
        tally.corruptions++
        const entry = (BigInt(high) << 32n) | BigInt(low)
        findings.add(
          'refcount-table-entry',
          offset + from + at,
          8,
          { index, entry, why },
          { repair: REBUILD },
        )
      }
      if ((low & REFTABLE_RESERVED_LOW) !== 0) {
        fault('reserved bits are set')
        // QEMU reads it all the same, and counts no reference.
        if (block % clusterSize === 0 && block < image.fileSize && !believed.has(block)) {
          blocks[index] = block
          believed.add(block)
        }
      } else if (block % clusterSize !== 0) fault('it points between clusters')
      else if (block >= image.fileSize) fault('it points beyond the end')
      else {
        const cluster = block / clusterSize
        counter.count(block, clusterSize, 1, USE_ALONE)
        // A block that stands for several ranges of clusters is believed once: 2^31 clusters can name one block.
        if (!believed.has(block)) blocks[index] = block
        believed.add(block)
        if (store.cells.count(cluster) !== 1) {
          tally.corruptions++
          findings.add('refcount-block-shared', block, clusterSize, { index }, { repair: REBUILD })
        }
      }
    }
    if (!used) reader.sawZeros(part.length)
  }
  return blocks
}
