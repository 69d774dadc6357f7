// Drives the real rrdtool: makes a day of temperatures, asks for it back, draws it.
//   node rrdtool-client.mjs
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escapeColons, Rrdtool, RrdtoolError } from 'rrd-merge/rrdtool'

const DAY = 86_400
const start = 1_700_006_400
const folder = await mkdtemp(join(tmpdir(), 'rrdtool-client-'))
const file = join(folder, 'attic: north side.rrd')
const rrd = new Rrdtool({ persistent: true, timeout: 10_000 })

try {
  await rrd.create(file, {
    step: 300,
    start,
    ds: ['DS:celsius:GAUGE:600:-40:60'],
    rra: ['RRA:AVERAGE:0.5:1:288', 'RRA:AVERAGE:0.5:12:24'],
  })

  const readings = []
  for (let time = start + 300; time <= start + DAY; time += 300) {
    const hour = (time - start) / 3600
    // The sensor was off between two and four.
    const value = hour > 2 && hour <= 4 ? 'U' : (12 + 8 * Math.sin(((hour - 9) / 12) * Math.PI)).toFixed(2)
    readings.push(`${time}:${value}`)
  }
  await rrd.update(file, readings)

  const { rows } = await rrd.fetch(file, { cf: 'AVERAGE', start, end: start + DAY - 1, resolution: 3600 })
  for (const { time, values } of rows) {
    const [mean] = values
    console.log(
      `${new Date(time * 1000).toISOString()}  hourly mean ${Number.isNaN(mean) ? 'unknown' : mean.toFixed(2)}`,
    )
  }

  const { width, height, prints } = await rrd.graph(
    join(folder, 'attic.png'),
    { start, end: start + DAY, title: 'Attic', verticalLabel: 'degrees Celsius' },
    [`DEF:c=${escapeColons(file)}:celsius:AVERAGE`, 'LINE1:c#cc0000', 'PRINT:c:MAX:%.1lf'],
  )
  console.log(`drew ${width} x ${height} pixels; highest hour ${prints[0]}`)

  await rrd.update(file, [`${start}:20`])
} catch (error) {
  // The last update is refused, since it lies before the one in the file.
  if (error instanceof RrdtoolError && error.code === 'FAILED')
    console.log(`${error.command} was refused: ${error.output}`)
  else throw error
} finally {
  await rrd.close()
  await rm(folder, { recursive: true })
}
