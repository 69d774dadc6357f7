import { abiOf, structOffsets } from './architecture.ts'
import { encodeFloatCookie } from './cookie.ts'
import type { ArchiveDescription, RrdDescription } from './description.ts'
import { DS_PAR, PDP_SCRATCH } from './ds-def.ts'
import { RrdError } from './error.ts'
import { FieldWriter } from './field-writer.ts'
import { decodeLaidOut } from './header.ts'
import { cellAreaAlignment } from './image.ts'
import { CDP_PREP_SIZE, DS_DEF_SIZE, type Layout, layoutFor, PDP_PREP_SIZE } from './layout.ts'
import { cdpKinds, dsKinds, PDP_KINDS, rraKinds, STAT_KINDS } from './slots.ts'
import type { Rrd } from './types.ts'
import { encodeUnivals } from './univals-codec.ts'

const requireShape = (description: RrdDescription): void => {
  const dsCount = description.dataSources.length
  if (dsCount === 0) throw new RrdError('EUSAGE', 'cannot build an RRD without a data source')
  if (description.archives.length === 0)
    throw new RrdError('EUSAGE', 'cannot build an RRD without an archive')
  for (const [r, { cf, rowCount, currentRow, pdpPerRow, preps, cells }] of description.archives.entries()) {
    if (
      rowCount < 1 ||
      pdpPerRow < 1 ||
      !(currentRow >= 0 && currentRow < rowCount) ||
      preps.length !== dsCount ||
      cells.length !== rowCount * dsCount
    ) {
      throw new RrdError(
        'EUSAGE',
        `cannot build archive ${r} (${cf}): ${rowCount} rows, row ${currentRow} last, ${pdpPerRow} points a row, ` +
          `${preps.length} preps and ${cells.length} cells for ${dsCount} data sources`,
      )
    }
  }
}

const writeHeads = (writer: FieldWriter, layout: Layout, description: RrdDescription): void => {
  const { abi, bytes } = writer
  const structs = structOffsets(abi)
  writer.text(0, 4, 'RRD', 'the cookie')
  writer.text(4, 5, `000${description.version}`, 'version')
  encodeFloatCookie(bytes, structs.floatCookie, abi.littleEndian)
  writer.ulong(structs.counts, description.dataSources.length, 'the number of data sources')
  writer.ulong(structs.counts + abi.long, description.archives.length, 'the number of archives')
  writer.ulong(structs.counts + 2 * abi.long, description.step, 'the step')
  encodeUnivals(bytes, structs.statPar, abi, STAT_KINDS, description.parameters, 'the static header')
  writer.time(layout.liveHead, description.lastUpdate, 'the last update')
  if (description.version >= 3) {
    writer.long(layout.liveHead + abi.time, description.lastUpdateUsec, 'microseconds of the last update')
  }
}

const writeDataSources = (writer: FieldWriter, layout: Layout, description: RrdDescription): void => {
  for (const [d, ds] of description.dataSources.entries()) {
    const def = layout.dsDef + d * DS_DEF_SIZE
    const prep = layout.pdpPrep + d * PDP_PREP_SIZE
    const what = `data source ${JSON.stringify(ds.name)}`
    writer.text(def, 20, ds.name, 'the data source name')
    writer.text(def + 20, 20, ds.type, 'the data source type')
    encodeUnivals(writer.bytes, def + DS_PAR, writer.abi, dsKinds(ds.type), ds.parameters, what)
    writer.text(prep, 30, ds.lastReading, 'the last reading')
    encodeUnivals(writer.bytes, prep + PDP_SCRATCH, writer.abi, PDP_KINDS, ds.prep, what)
  }
}

const writeArchive = (writer: FieldWriter, layout: Layout, archive: ArchiveDescription, r: number): void => {
  const { abi, bytes } = writer
  const structs = structOffsets(abi)
  const def = layout.rraDef + r * structs.rraDef
  const what = `archive ${r} (${archive.cf})`
  writer.text(def, 20, archive.cf, 'the consolidation function')
  writer.ulong(def + structs.rowCount, archive.rowCount, 'the number of rows')
  writer.ulong(def + structs.rowCount + abi.long, archive.pdpPerRow, 'the points a row')
  encodeUnivals(bytes, def + structs.rraPar, abi, rraKinds(archive.cf), archive.parameters, what)
  for (const [d, prep] of archive.preps.entries()) {
    const at = layout.cdpPrep + (r * archive.preps.length + d) * CDP_PREP_SIZE
    encodeUnivals(bytes, at, abi, cdpKinds(archive.cf), prep, what)
  }
  writer.ulong(layout.rraPtr + r * abi.long, archive.currentRow, 'the current row')
}

/**
 * Builds the image of a whole file. `rrdToBytes` then gives its bytes.
 *
 * @throws RrdError EUSAGE where counts and arrays disagree, ERANGE where a value does not fit the architecture,
 * ECORRUPT where the result would be no valid file (a step of 0, times that cannot be)
 */
export const buildRrd = (description: RrdDescription): Rrd => {
  requireShape(description)
  const abi = abiOf(description.architecture)
  const { dataSources, archives } = description
  const layout = layoutFor(abi, description.version, dataSources.length, archives.length)
  const pad = cellAreaAlignment(layout.length)
  const cellBytes = archives.reduce((sum, archive) => sum + archive.cells.length * 8, 0)
  const bytes = new Uint8Array(new ArrayBuffer(pad + layout.length + cellBytes), pad)
  const writer = new FieldWriter(bytes, abi)
  writeHeads(writer, layout, description)
  writeDataSources(writer, layout, description)
  for (const [r, archive] of archives.entries()) writeArchive(writer, layout, archive, r)
  // Told and not guessed: with an odd live head a 32-bit file may read as one of the other size of time_t.
  const header = decodeLaidOut(bytes, bytes.length, {
    abi,
    version: description.version,
    dsCount: dataSources.length,
    rraCount: archives.length,
    layout,
    prefixNeeded: layout.length,
  })
  const cells = archives.map((archive, r) => {
    const offset = bytes.byteOffset + (header.archives[r] as { offset: number }).offset
    const view = new Float64Array(bytes.buffer, offset, archive.cells.length)
    view.set(archive.cells)
    return view
  })
  return { header, bytes, cells }
}
