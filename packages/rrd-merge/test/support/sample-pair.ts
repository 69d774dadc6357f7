import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Row times end here. */
export const END = 1_700_006_400

const STEP = 60

/** Rows and data points a row of each archive. */
const ARCHIVES = [
  { cf: 'AVERAGE', rows: 200, pdpPerRow: 1 },
  { cf: 'AVERAGE', rows: 100, pdpPerRow: 5 },
  { cf: 'MAX', rows: 50, pdpPerRow: 10 },
] as const

const DATA_SOURCES = ['in', 'out'] as const

/** All values of the file: a row of an archive has one of each data source. */
export const CELLS = ARCHIVES.reduce((sum, { rows }) => sum + rows, 0) * DATA_SOURCES.length

/** Cells that `holed` makes unknown. */
export const HOLES = 2 * 200

let whole: Buffer | undefined

/** A file of the real rrdtool in which every cell is known, updated last at `END`. */
export function wholeFile(): Buffer {
  whole ??= makeWhole()
  return Buffer.from(whole)
}

function makeWhole(): Buffer {
  return changed(Buffer.alloc(0), (file) => {
    const start = END - 520 * STEP
    const ds = DATA_SOURCES.map((name) => `DS:${name}:GAUGE:120:U:U`)
    const rra = ARCHIVES.map(({ cf, rows, pdpPerRow }) => `RRA:${cf}:0.5:${pdpPerRow}:${rows}`)
    rrdtool('create', file, '-s', `${STEP}`, '-b', `${start}`, ...ds, ...rra)
    const updates: string[] = []
    for (let time = start + STEP; time <= END; time += STEP) {
      updates.push(`${time}:${(time / STEP) % 97}:${((time / STEP) % 53) + 0.25}`)
    }
    rrdtool('update', file, ...updates)
  })
}

let newer: Buffer | undefined

/** The whole file an hour later. */
export function newerFile(): Buffer {
  newer ??= changed(wholeFile(), (file) => rrdtool('update', file, `${END + 3600}:1:2`))
  return Buffer.from(newer)
}

/** What the real rrdtool makes of a file. */
export function changed(bytes: Uint8Array, change: (file: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'rrd-sample-'))
  try {
    const file = join(folder, 'sample.rrd')
    writeFileSync(file, bytes)
    change(file)
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function rrdtool(...args: readonly string[]): string {
  return execFileSync('rrdtool', args, { encoding: 'utf8' })
}

const NAN = Buffer.from('000000000000f87f', 'hex')

/**
 * The same file with unknown cells: merged with the whole one it must become the whole one again, byte for byte.
 * @param seed which cells
 */
export function holed(seed = 0): Buffer {
  const bytes = wholeFile()
  const first = bytes.length - CELLS * 8
  for (let hole = 0; hole < HOLES; hole++) {
    NAN.copy(bytes, first + ((hole * 3 + seed * 13) % CELLS) * 8)
  }
  return bytes
}
