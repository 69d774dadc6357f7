import type { Archive, DataSource, Rrd, RrdHeader } from '../../src/format/types.ts'

interface ImageArchive {
  readonly cf?: string
  readonly pdpPerRow?: number
  readonly xff?: number
  /** Rows from the oldest to the newest; a row of one data source may be a bare number. */
  readonly rows: readonly (number | readonly number[])[]
  /** Physical index of the newest row; the last one by default. */
  readonly currentRow?: number
}

interface ImageOptions {
  readonly step?: number
  readonly lastUpdate?: number
  readonly lastUpdateUsec?: number
  readonly ds?: readonly (string | (Partial<DataSource> & { name: string }))[]
  readonly rras: readonly ImageArchive[]
}

const HEADER = 1000

/** A time on every grid that the tests use. */
export const T = 1_700_006_400

/** Unknown. */
export const U = Number.NaN

/** An image with chosen cells; its header bytes are filler, for rules that only look at the decoded header. */
export function image({
  step = 60,
  lastUpdate = T,
  lastUpdateUsec = 0,
  ds = ['a'],
  rras,
}: ImageOptions): Rrd {
  const dataSources = ds.map(
    (source): DataSource => ({
      type: 'GAUGE',
      heartbeat: 2 * step,
      minimum: U,
      maximum: U,
      lastReading: 'U',
      unknownSeconds: 0,
      pdpValue: 0,
      ...(typeof source === 'string' ? { name: source } : source),
    }),
  )
  let offset = HEADER
  const archives = rras.map(({ cf = 'AVERAGE', pdpPerRow = 1, xff = 0.5, rows, currentRow }): Archive => {
    const archive = {
      cf,
      rowCount: rows.length,
      pdpPerRow,
      span: step * pdpPerRow,
      xff,
      currentRow: currentRow ?? rows.length - 1,
      offset,
    }
    offset += rows.length * dataSources.length * 8
    return archive
  })
  const bytes = new Uint8Array(offset).fill(0x5a)
  const cells = archives.map((archive, index) => {
    const view = new Float64Array(bytes.buffer, archive.offset, archive.rowCount * dataSources.length)
    const rows = (rras[index] as ImageArchive).rows
    rows.forEach((row, age) => {
      const physical = (archive.currentRow + 1 + age) % rows.length
      view.set(typeof row === 'number' ? [row] : row, physical * dataSources.length)
    })
    return view
  })
  const header: RrdHeader = {
    architecture: 'le64',
    version: 3,
    step,
    lastUpdate,
    lastUpdateUsec,
    dataSources,
    archives,
    length: HEADER,
  }
  return { header, bytes, cells }
}

/** The cells of an archive by time, oldest first; a row of one data source as a bare number. */
export function rowsOf({ header, cells }: Rrd, archive = 0): (number | number[])[] {
  const { rowCount, currentRow } = header.archives[archive] as Archive
  const width = header.dataSources.length
  return Array.from({ length: rowCount }, (_, age) => {
    const start = ((currentRow + 1 + age) % rowCount) * width
    const row = [...(cells[archive] as Float64Array).subarray(start, start + width)]
    return width === 1 ? (row[0] as number) : row
  })
}
