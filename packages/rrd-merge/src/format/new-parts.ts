import type { ArchiveDescription, DataSourceDescription } from './description.ts'
import { CDP_SLOT, DS_SLOT, PDP_SLOT, RRA_SLOT } from './slots.ts'
import { Univals } from './univals.ts'

export interface NewDataSource {
  readonly name: string
  readonly type: string
  /** Seconds. */
  readonly heartbeat: number
  /** NaN for no bound. */
  readonly minimum: number
  readonly maximum: number
  /** Seconds of the running interval that are unknown so far: those since the last full step. */
  readonly unknownSeconds: number
}

/** A data source as rrdtool creates it: no reading yet, the running interval unknown. Not for COMPUTE. */
export const newDataSource = (ds: NewDataSource): DataSourceDescription => ({
  name: ds.name,
  type: ds.type,
  parameters: new Univals()
    .setCount(DS_SLOT.heartbeat, ds.heartbeat)
    .setValue(DS_SLOT.minimum, ds.minimum)
    .setValue(DS_SLOT.maximum, ds.maximum),
  lastReading: 'U',
  prep: new Univals()
    .setCount(PDP_SLOT.unknownSeconds, ds.unknownSeconds)
    .setValue(PDP_SLOT.value, ds.unknownSeconds === 0 ? 0 : Number.NaN),
})

/**
 * The state of a row that is being consolidated and of which nothing is known yet.
 *
 * @param unknownPdps primary data points of the running row that have passed, all unknown
 */
export const newPrep = (unknownPdps: number): Univals =>
  new Univals()
    .setValue(CDP_SLOT.value, Number.NaN)
    .setCount(CDP_SLOT.unknownPdps, unknownPdps)
    .setValue(CDP_SLOT.primary, Number.NaN)
    .setValue(CDP_SLOT.secondary, Number.NaN)

export interface NewArchive {
  /** AVERAGE, MIN, MAX or LAST. */
  readonly cf: string
  readonly rowCount: number
  readonly pdpPerRow: number
  readonly xff: number
  readonly dsCount: number
  /** Primary data points of the running row that have passed: those since the last full row. */
  readonly unknownPdps: number
}

/** An archive without a known cell, its last row at the end so that physical order is order by time. */
export const newArchive = (archive: NewArchive): ArchiveDescription => ({
  cf: archive.cf,
  rowCount: archive.rowCount,
  pdpPerRow: archive.pdpPerRow,
  parameters: new Univals().setValue(RRA_SLOT.xff, archive.xff),
  currentRow: archive.rowCount - 1,
  preps: Array.from({ length: archive.dsCount }, () => newPrep(archive.unknownPdps)),
  cells: new Float64Array(archive.rowCount * archive.dsCount).fill(Number.NaN),
})
