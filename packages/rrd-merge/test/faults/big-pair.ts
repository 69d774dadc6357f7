import { changed, END, rrdtool } from '../support/sample-pair.ts'

const ROWS = 250_000

const PAGE = 4096

let whole: Buffer | undefined

/** A file of 2 MB in which every cell is known. */
export function bigFile(): Buffer {
  whole ??= changed(Buffer.alloc(0), (file) => {
    rrdtool('create', file, '-s', '60', '-b', `${END}`, 'DS:a:GAUGE:120:U:U', `RRA:AVERAGE:0.5:1:${ROWS}`)
  })
  const bytes = Buffer.from(whole)
  for (let row = 0; row < ROWS; row++) bytes.writeDoubleLE(row + 0.5, bytes.length - (ROWS - row) * 8)
  return bytes
}

/** Every other page unknown: as many writes in place as there are gaps. */
export function bigWithGaps(): Buffer {
  const bytes = bigFile()
  const first = bytes.length - ROWS * 8
  for (let at = first; at < bytes.length; at += 8) {
    if (Math.floor(at / PAGE) % 2 === 0) bytes.writeDoubleLE(Number.NaN, at)
  }
  return bytes
}
