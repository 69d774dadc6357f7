import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Rrd, rowTime, rrdFromBytes, rrdToBytes } from '../src/format/index.ts'
import { Rrdtool } from '../src/rrdtool/index.ts'

/** pnp4nagios' default (sample-config/pnp/rra.cfg-sample): steps and rows of each of AVERAGE, MAX, MIN. */
const ARCHIVES = [
  [1, 2880],
  [5, 2880],
  [30, 4320],
  [360, 5840],
] as const
const STEP = 60
const HEARTBEAT = 8640
const DAY = 86_400

/** When NEW was updated last; OLD stopped eleven days before, NEW began ten days before. */
export const NOW = 1_700_000_000
const MOVED = NOW - 11 * DAY
const BEGAN = NOW - 10 * DAY

/** Share of files with 1 to 8 data sources: 2.25 on average. */
const WIDTHS = [0.45, 0.25, 0.12, 0.06, 0.04, 0.03, 0.02, 0.03]

/** Share of known cells that are unknown all the same. */
const HOLES = 0.002

/** A linear congruential generator (Numerical Recipes): the same corpus on every machine. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export interface Corpus {
  readonly files: readonly string[]
  readonly bytesPerSide: number
}

/** Makes `old/` and `new/` below a folder: pairs shaped like pnp4nagios' default, two years against ten days. */
export async function makeCorpus(folder: string, pairs: number): Promise<Corpus> {
  const random = numbers(42)
  const templates = { old: await makeTemplates(folder, MOVED), new: await makeTemplates(folder, NOW) }
  const files: string[] = []
  let bytesPerSide = 0
  for (let pair = 0; pair < pairs; pair++) {
    const file = `host${String(pair % 50).padStart(2, '0')}/service${pair}.rrd`
    const width = widthOf(random())
    files.push(file)
    for (const side of ['old', 'new'] as const) {
      const rrd = rrdFromBytes(Uint8Array.from(templates[side][width - 1] as Uint8Array))
      fill(rrd, side === 'old' ? 0 : BEGAN, random)
      const path = join(folder, side, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, rrdToBytes(rrd))
      if (side === 'new') bytesPerSide += rrd.bytes.length
    }
  }
  return { files, bytesPerSide }
}

/** An empty file of each width, made by the real rrdtool. */
async function makeTemplates(folder: string, lastUpdate: number): Promise<Uint8Array[]> {
  mkdirSync(folder, { recursive: true })
  const rrdtool = new Rrdtool()
  const file = join(folder, 'template.rrd')
  const templates: Uint8Array[] = []
  for (let width = 1; width <= WIDTHS.length; width++) {
    await rrdtool.create(file, {
      start: lastUpdate,
      step: STEP,
      ds: Array.from({ length: width }, (_, ds) => `DS:${ds + 1}:GAUGE:${HEARTBEAT}:U:U`),
      rra: ['AVERAGE', 'MAX', 'MIN'].flatMap((cf) =>
        ARCHIVES.map(([pdps, rows]) => `RRA:${cf}:0.5:${pdps}:${rows}`),
      ),
    })
    templates.push(readFileSync(file))
  }
  rmSync(file)
  await rrdtool.close()
  return templates
}

function widthOf(share: number): number {
  let rest = share
  const found = WIDTHS.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
  return found < 0 ? 1 : found + 1
}

/** A value in every cell from `from` on, but for a hole here and there. */
function fill(rrd: Rrd, from: number, random: () => number): void {
  const { header, cells } = rrd
  const width = header.dataSources.length
  const level = random() * 100
  for (const [index, archive] of header.archives.entries()) {
    const view = cells[index] as Float64Array
    for (let row = 0; row < archive.rowCount; row++) {
      if (rowTime(archive, header, row) <= from) continue
      for (let ds = 0; ds < width; ds++) {
        if (random() >= HOLES) view[row * width + ds] = level + random() * 10
      }
    }
  }
}
