import type { Rrd } from '../../src/format/types.ts'

/** All cells of a test image in the order of the file. */
export const valuesOf = ({ bytes }: Rrd) => new Float64Array(bytes.slice(1000).buffer)

export interface Place {
  readonly cf: string
  readonly span: number
  readonly time: number
  readonly name: string
}

/** Each cell of an image in the order of the file, told by what it means. */
export function places({ header }: Rrd): Place[] {
  return header.archives.flatMap(({ cf, span, rowCount, currentRow }) =>
    Array.from({ length: rowCount }, (_, row) => {
      const age = (currentRow - row + rowCount) % rowCount
      const time = header.lastUpdate - (header.lastUpdate % span) - age * span
      return header.dataSources.map(({ name }) => ({ cf, span, time, name }))
    }).flat(),
  )
}

/** What an image says about a place, its longest archive first. */
export function lookUp(rrd: Rrd, { cf, span, time, name }: Place): number[] {
  const values = valuesOf(rrd)
  const found: { rows: number; value: number }[] = []
  for (const [index, place] of places(rrd).entries()) {
    if (place.cf !== cf || place.span !== span || place.time !== time || place.name !== name) continue
    found.push({ rows: rowsAt(rrd, index), value: values[index] as number })
  }
  return found.sort((a, b) => b.rows - a.rows).map(({ value }) => value)
}

function rowsAt({ header }: Rrd, cell: number): number {
  let end = 0
  for (const { rowCount } of header.archives) {
    end += rowCount * header.dataSources.length
    if (cell < end) return rowCount
  }
  return 0
}

export function reversed(rrd: Rrd): Rrd {
  const width = rrd.header.dataSources.length
  const flip = (view: Float64Array) => {
    const out = new Float64Array(view.length)
    for (let row = 0; row < view.length; row += width) out.set(view.slice(row, row + width).reverse(), row)
    return out
  }
  const header = { ...rrd.header, dataSources: [...rrd.header.dataSources].reverse() }
  return { ...rrd, header, cells: rrd.cells.map(flip) }
}
