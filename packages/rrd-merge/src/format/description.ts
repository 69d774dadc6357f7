import { abiOf, structOffsets } from './architecture.ts'
import { DS_PAR, PDP_SCRATCH } from './ds-def.ts'
import { CDP_PREP_SIZE, DS_DEF_SIZE, layoutOf, PDP_PREP_SIZE } from './layout.ts'
import { cdpKinds, dsKinds, PDP_KINDS, rraKinds, STAT_KINDS } from './slots.ts'
import type { Architecture, Rrd, Version } from './types.ts'
import type { Univals } from './univals.ts'
import { decodeUnivals } from './univals-codec.ts'

/** A data source with everything its file keeps of it. */
export interface DataSourceDescription {
  /** At most 19 characters of Latin-1. */
  name: string
  type: string
  /** ds_def.par: heartbeat, minimum, maximum (`DS_SLOT`), or the nodes of a COMPUTE expression. */
  parameters: Univals
  /** At most 29 characters of Latin-1. */
  lastReading: string
  /** pdp_prep.scratch (`PDP_SLOT`). */
  prep: Univals
}

/** An archive with everything its file keeps of it. */
export interface ArchiveDescription {
  cf: string
  rowCount: number
  pdpPerRow: number
  /** rra_def.par (`RRA_SLOT`). */
  parameters: Univals
  currentRow: number
  /** cdp_prep.scratch (`CDP_SLOT`), one for each data source. */
  preps: Univals[]
  /** rowCount x data sources, in physical row order, in this machine's byte order. Copied bit for bit. */
  cells: Float64Array
}

/**
 * All a file says, in a form that can be changed: take one with `describeRrd`, change it, `buildRrd` it. This is how
 * a file gets another structure, architecture or version; a merge that changes values only works on the image.
 */
export interface RrdDescription {
  architecture: Architecture
  version: Version
  /** Seconds. */
  step: number
  /** Seconds since 1970. */
  lastUpdate: number
  lastUpdateUsec: number
  /** stat_head.par, unused by rrdtool so far. */
  parameters: Univals
  dataSources: DataSourceDescription[]
  archives: ArchiveDescription[]
}

/** Describes an open image. Cells are the image's own views, everything else is a copy. */
export const describeRrd = (rrd: Rrd): RrdDescription => {
  const { header, bytes } = rrd
  const abi = abiOf(header.architecture)
  const structs = structOffsets(abi)
  const layout = layoutOf(header)
  const dsCount = header.dataSources.length
  return {
    architecture: header.architecture,
    version: header.version,
    step: header.step,
    lastUpdate: header.lastUpdate,
    lastUpdateUsec: header.lastUpdateUsec,
    parameters: decodeUnivals(bytes, structs.statPar, abi, STAT_KINDS),
    dataSources: header.dataSources.map((ds, d) => ({
      name: ds.name,
      type: ds.type,
      parameters: decodeUnivals(bytes, layout.dsDef + d * DS_DEF_SIZE + DS_PAR, abi, dsKinds(ds.type)),
      lastReading: ds.lastReading,
      prep: decodeUnivals(bytes, layout.pdpPrep + d * PDP_PREP_SIZE + PDP_SCRATCH, abi, PDP_KINDS),
    })),
    archives: header.archives.map((archive, r) => ({
      cf: archive.cf,
      rowCount: archive.rowCount,
      pdpPerRow: archive.pdpPerRow,
      parameters: decodeUnivals(
        bytes,
        layout.rraDef + r * structs.rraDef + structs.rraPar,
        abi,
        rraKinds(archive.cf),
      ),
      currentRow: archive.currentRow,
      preps: header.dataSources.map((_, d) =>
        decodeUnivals(bytes, layout.cdpPrep + (r * dsCount + d) * CDP_PREP_SIZE, abi, cdpKinds(archive.cf)),
      ),
      cells: rrd.cells[r] as Float64Array,
    })),
  }
}
