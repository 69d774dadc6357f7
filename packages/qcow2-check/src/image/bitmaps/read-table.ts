import {
  BITMAP_ALL_ONES_LOW,
  BITMAP_FLAG,
  BITMAP_TABLE_RESERVED_HIGH,
  BITMAP_TABLE_RESERVED_LOW,
  type BitmapEntry,
  entryOffset,
  type Geometry,
} from '../../format/index.ts'
import { IGNORE_BITMAPS } from '../findings-list.ts'
import type { OwnedRange } from '../image.ts'
import type { OpenContext } from '../open-context.ts'
import { readRange } from '../read-range.ts'
import { tableEntriesFor } from './bitmap-rules.ts'

/**
 * Tables of a healthy image don't overlap, so that all of them have fewer bytes than the file; a hostile one could name
 * a table 65535 times.
 */
export interface TableBudget {
  bytes: number
  /** One finding says that it is used up. */
  told: boolean
}

/** The clusters of a bitmap and of its table. Nothing is read of one whose entry can't be. */
export async function readBitmapTable(
  context: OpenContext,
  entry: BitmapEntry,
  bitmap: {
    readonly name: string
    readonly virtualSize: number
    readonly budget: TableBudget
    readonly sound: boolean
    /** Its clusters are no bits, but what a repair keeps. */
    readonly pin: boolean
  },
): Promise<readonly OwnedRange[]> {
  const { source, geometry, fileSize, findings, blockers } = context
  const { name, budget } = bitmap
  const length = entry.tableSize * 8
  if (!bitmap.sound) return []
  const offset = Number(entry.tableOffset)
  if (entry.tableOffset >= BigInt(fileSize)) {
    const why = 'it lies beyond the end of the file'
    const range = { offset: fileSize, length }
    findings.add('bitmap-table', range, { bitmap: name, why }, { repair: IGNORE_BITMAPS })
    return []
  }
  if (length > budget.bytes) {
    if (!budget.told)
      findings.add(
        'too-much-work',
        { offset, length },
        { why: 'the tables of bitmaps are longer than the file' },
      )
    budget.told = true
    return []
  }
  budget.bytes -= length
  const { bytes, error } = await readRange(source, offset, length)
  if (error !== undefined) findings.add('read-error', { offset, length }, { why: error })
  const data = dataRanges(bytes, geometry, fileSize, {
    kind: bitmap.pin ? 'pinned' : 'bitmap-data',
    bitmap: name,
  })
  const fault = (why: string) =>
    findings.add('bitmap-table', { offset, length }, { bitmap: name, why }, { repair: IGNORE_BITMAPS })
  const inUse = (entry.flags & BITMAP_FLAG.inUse) !== 0
  if (data.bad > 0) {
    fault(`${data.bad} of its entries can't be, the first is ${data.firstBad}`)
    if (!inUse)
      blockers.add(
        'bitmap-table',
        `Could not read bitmap_table table from image for bitmap '${name}': Invalid argument`,
      )
  }
  // QEMU reads zeros there, and its check counts them as corrupt.
  if (data.beyond > 0) fault(`${data.beyond} of its entries lead beyond the end of the file`)
  const needed = tableEntriesFor(bitmap.virtualSize, entry.granularityBits, geometry.clusterSize)
  if (entry.tableSize !== needed && !inUse) {
    fault(`${entry.tableSize} entries, the disk takes ${needed}`)
    blockers.add('bitmap-table', `Could not read bitmap '${name}' from image: Invalid argument`)
  }
  return [{ kind: 'bitmap-table', offset, length, bitmap: name }, ...data.ranges]
}

/** Clusters that the entries name, neighbours joined. */
function dataRanges(
  table: Uint8Array,
  { clusterSize }: Geometry,
  fileSize: number,
  owner: Pick<OwnedRange, 'kind' | 'bitmap'>,
) {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  const ranges: OwnedRange[] = []
  let bad = 0
  let firstBad = -1
  let beyond = 0
  let start = 0
  let end = 0
  const close = () => {
    if (end > start) ranges.push({ ...owner, offset: start, length: end - start })
  }
  for (let at = 0; at + 8 <= table.length; at += 8) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    const offset = entryOffset(high, low)
    const reserved = (high & BITMAP_TABLE_RESERVED_HIGH) !== 0 || (low & BITMAP_TABLE_RESERVED_LOW) !== 0
    const ones = offset !== 0 && (low & BITMAP_ALL_ONES_LOW) !== 0
    if (reserved || ones || offset % clusterSize !== 0) {
      if (bad++ === 0) firstBad = at / 8
      continue
    }
    if (offset === 0) continue
    if (offset >= fileSize) {
      beyond++
      continue
    }
    if (offset !== end) {
      close()
      start = offset
    }
    end = offset + clusterSize
  }
  close()
  return { ranges, bad, firstBad, beyond }
}
