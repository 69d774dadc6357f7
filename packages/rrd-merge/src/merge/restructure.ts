import {
  type ArchiveDescription,
  buildRrd,
  type DataSourceDescription,
  describeRrd,
  encodeRpn,
  newArchive,
  newPrep,
  PDP_SLOT,
  refersToDataSource,
  Univals,
} from '../format/index.ts'
import type { DataSource, Rrd, Version } from '../format/types.ts'
import { consolidateOwn } from './consolidate-own.ts'
import type { Addition, StructureChange } from './plan-structure.ts'

/**
 * Builds NEW with another structure. What was there stays as it is: definitions, live head, prep areas, rows and the
 * index of each archive's last row. What is added gets the state `rrdtool tune` gives it: no reading yet and the
 * running interval unknown, or, for an archive, what NEW's own primary data points of the running row say.
 */
export function restructure(target: Rrd, olds: readonly Rrd[], change: StructureChange): Rrd {
  const description = describeRrd(target)
  description.archives.forEach((archive, index) => {
    grow(archive, change.rows[index] as number, target.header.dataSources.length)
  })
  const added = change.dataSources.map((addition) => addedDataSource(target, olds, addition, change))
  for (const archive of description.archives) widen(archive, added.length, target)
  const archives = change.archives.map(({ old, index, rows }) => {
    const { cf, span, xff } = (olds[old] as Rrd).header.archives[index] as {
      cf: string
      span: number
      xff: number
    }
    const { step, lastUpdate } = target.header
    const dsCount = change.header.dataSources.length
    const unknownPdps = Math.floor((lastUpdate % span) / step)
    const archive = newArchive({ cf, rowCount: rows, pdpPerRow: span / step, xff, dsCount, unknownPdps })
    consolidateOwn(archive, target)
    return archive
  })
  description.dataSources.push(...added)
  description.archives.push(...archives)
  description.version = Math.max(description.version, neededVersion(description.dataSources)) as Version
  return buildRrd(description)
}

/** Only what is added can ask for a later version; NEW's own is kept, whatever it holds. */
function neededVersion(dataSources: readonly DataSourceDescription[]): Version {
  return dataSources.some(({ type }) => type === 'DCOUNTER' || type === 'DDERIVE') ? 5 : 1
}

/** New rows come right after the last one written, where the oldest are: as `rrdtool resize GROW` does. */
function grow(archive: ArchiveDescription, rows: number, width: number): void {
  if (rows === archive.rowCount) return
  const cells = new Float64Array(rows * width).fill(Number.NaN)
  const split = (archive.currentRow + 1) * width
  cells.set(archive.cells.subarray(0, split))
  cells.set(archive.cells.subarray(split), split + (rows - archive.rowCount) * width)
  archive.cells = cells
  archive.rowCount = rows
}

/** Makes room in each row for `count` more data sources, unknown so far. */
function widen(archive: ArchiveDescription, count: number, { header }: Rrd): void {
  if (count === 0) return
  const width = header.dataSources.length
  const cells = new Float64Array(archive.rowCount * (width + count)).fill(Number.NaN)
  for (let row = 0; row < archive.rowCount; row++) {
    // set() copies bytes: payloads of unknown cells survive.
    cells.set(archive.cells.subarray(row * width, (row + 1) * width), row * (width + count))
  }
  archive.cells = cells
  const span = archive.pdpPerRow * header.step
  const unknownPdps = Math.floor((header.lastUpdate % span) / header.step)
  archive.preps.push(...Array.from({ length: count }, () => newPrep(unknownPdps)))
}

function addedDataSource(
  target: Rrd,
  olds: readonly Rrd[],
  { old, index }: Addition,
  change: StructureChange,
): DataSourceDescription {
  const rrd = olds[old] as Rrd
  const { name, type, parameters } = describeRrd(rrd).dataSources[index] as DataSourceDescription
  const unknownSeconds = target.header.lastUpdate % target.header.step
  const prep = new Univals().setCount(PDP_SLOT.unknownSeconds, unknownSeconds).setValue(PDP_SLOT.value, 0)
  const names = change.header.dataSources.map((source) => source.name)
  const { rpn } = rrd.header.dataSources[index] as DataSource
  const renumbered = rpn?.map((node) =>
    refersToDataSource(node)
      ? { ...node, value: names.indexOf((rrd.header.dataSources[node.value] as DataSource).name) }
      : node,
  )
  return { name, type, parameters: renumbered ? encodeRpn(renumbered) : parameters, lastReading: 'U', prep }
}
