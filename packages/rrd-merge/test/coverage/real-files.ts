import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rrd, rrdFromBytes } from '../../src/format/index.ts'
import { Rrdtool } from '../../src/rrdtool/index.ts'

export const END = Date.UTC(2025, 10, 21, 13) / 1000
const HOUR = 3600
const DAY = 24 * HOUR

export const RRAS = ['AVERAGE:0.5:1:2880', 'AVERAGE:0.5:30:480', 'MAX:0.5:30:480', 'AVERAGE:0.5:360:400']

export interface RealFiles {
  readonly folder: string
  readonly rrdtool: Rrdtool
  readonly newFile: string
  readonly oldFile: string
  remove(): Promise<void>
}

/** NEW: three days with an outage of three hours. OLD: from day 60 to day 2, one data source missing for two days. */
export async function makeRealFiles(): Promise<RealFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'))
  const rrdtool = new Rrdtool({ persistent: true, timeout: 60_000 })
  const newFile = join(folder, 'new.rrd')
  const oldFile = join(folder, 'old.rrd')
  await fillFile(rrdtool, newFile, END - 3 * DAY, END, 60, (time) => {
    return time > END - 2 * DAY && time <= END - 2 * DAY + 3 * HOUR
      ? null
      : `${time}:${time % 97}:${time % 31}`
  })
  await fillFile(rrdtool, oldFile, END - 60 * DAY, END - 2 * DAY, 300, (time) => {
    const out = time > END - 20 * DAY && time <= END - 18 * DAY ? 'U' : time % 31
    return time > END - 40 * DAY && time < END - 35 * DAY ? null : `${time}:${time % 97}:${out}`
  })
  const remove = async () => {
    await rrdtool.close()
    rmSync(folder, { recursive: true })
  }
  return { folder, rrdtool, newFile, oldFile, remove }
}

async function fillFile(
  rrdtool: Rrdtool,
  file: string,
  start: number,
  end: number,
  every: number,
  reading: (time: number) => string | null,
): Promise<void> {
  const ds = ['DS:in:GAUGE:600:U:U', 'DS:out:GAUGE:600:U:U']
  await rrdtool.create(file, { step: 60, start: start - 60, ds, rra: RRAS.map((rra) => `RRA:${rra}`) })
  let batch: string[] = []
  for (let time = start; time <= end; time += every) {
    const text = reading(time)
    if (text !== null) batch.push(text)
    if (batch.length === 200 || (time + every > end && batch.length > 0)) {
      await rrdtool.update(file, batch)
      batch = []
    }
  }
}

export function openFile(file: string): Rrd {
  return rrdFromBytes(new Uint8Array(readFileSync(file)))
}
