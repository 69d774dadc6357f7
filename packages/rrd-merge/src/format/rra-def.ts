import { structOffsets } from './architecture.ts'
import { hasXff } from './consolidation.ts'
import { damaged } from './damaged.ts'
import type { FieldReader } from './field-reader.ts'
import type { Layout } from './layout.ts'
import type { Archive } from './types.ts'

const NAME_SIZE = 20

/** Seconds a Date can stand for; row times beyond could not be shown. */
export const LATEST_TIME = 8.64e12

/** Whether a file can have been updated then. */
export const isTime = (seconds: number): boolean => seconds >= 0 && seconds <= LATEST_TIME

/** rra_def[r] and rra_ptr[r]. `offset` is where its cells start. */
export const decodeArchive = (
  reader: FieldReader,
  layout: Layout,
  r: number,
  step: number,
  offset: number,
): Archive => {
  const structs = structOffsets(reader.abi)
  const def = layout.rraDef + r * structs.rraDef
  const rowCountAt = def + structs.rowCount
  const pdpAt = rowCountAt + reader.abi.long
  const pointer = layout.rraPtr + r * reader.abi.long
  const cf = reader.text(def, NAME_SIZE)
  const rowCount = reader.ulong(rowCountAt)
  const pdpPerRow = reader.ulong(pdpAt)
  const currentRow = reader.ulong(pointer)
  const span = step * pdpPerRow
  const wrong = (offset: number, why: string): Error => damaged(offset, `archive ${r} ${why}`)
  if (rowCount === 0) throw wrong(rowCountAt, 'has no rows')
  if (pdpPerRow === 0) throw wrong(pdpAt, 'has 0 primary data points a row')
  if (currentRow >= rowCount) {
    throw wrong(pointer, `has its last row at ${currentRow}, beyond its ${rowCount} rows`)
  }
  if (span * rowCount > LATEST_TIME) {
    throw wrong(pdpAt, `covers ${rowCount} rows of ${span} seconds, longer than times can be`)
  }
  return {
    cf,
    rowCount,
    pdpPerRow,
    span,
    xff: hasXff(cf) ? reader.double(def + structs.rraPar) : Number.NaN,
    currentRow,
    offset,
  }
}
