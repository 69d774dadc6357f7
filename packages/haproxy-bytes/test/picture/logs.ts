import { writeFileSync } from 'node:fs'
import { Zone } from '../../src/clock/index.ts'
import { GapReader } from '../../src/commands/chart-gap.ts'
import type { Picture, PictureReader } from '../../src/commands/chart-picture.ts'
import { WaterfallReader } from '../../src/commands/chart-waterfall.ts'
import { readCounters } from '../../src/counters/index.ts'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { readLogs } from '../../src/scan/index.ts'
import { ASKED_FIELDS } from '../../src/wire/index.ts'
import type { Scratch } from '../support/scratch.ts'

/** With the number of the line in its frontend. */
export const FORMAT = '%ci:%cp [%tr] %f %b/%s %Ta %ST %B %tsc lc=%lc'
export const START = Date.UTC(2026, 10, 21, 10)

export interface NumberedLine {
  /** ms after START */
  readonly at: number
  readonly bytes: number
  readonly number: number
  readonly frontend?: string
}

export function lineOf({ at, bytes, number, frontend = 'web' }: NumberedLine): string {
  const [, time = ''] = new Date(START + at).toISOString().slice(0, -1).split('T')
  return `Nov 21 ${time.slice(0, 8)} lb1 haproxy[7]: 192.0.2.1:4000 [21/Nov/2026:${time}] ${frontend} app/s1 0 200 ${bytes} ---- lc=${number}\n`
}

/** Three hours with a line every second; nothing random, so that any sum can be told beforehand. */
export function threeHours(frontend = 'web'): NumberedLine[] {
  return Array.from({ length: 10_800 }, (_, number) => ({
    at: number * 1000 + 200,
    bytes: 1000 + ((number * 7919) % 5000),
    number,
    frontend,
  }))
}

/** What `snapshot --every` would have kept of these lines. @param pidAt of the process at an instant */
export function snapshotsOf(
  lines: readonly NumberedLine[],
  every: number,
  pidAt: (at: number) => number = () => 7,
): string {
  const end = (lines.at(-1)?.at ?? 0) + every
  const rows: string[] = []
  for (let at = -every; at <= end; at += every) {
    const pid = pidAt(at)
    const done = lines.filter((line) => line.at < at && pidAt(line.at) === pid)
    const bout = String(done.reduce((sum, { bytes }) => sum + bytes, 0))
    const stot = String(done.length)
    const web = { proxy: 'web', service: 'FRONTEND', counts: { bout, stot, req_tot: stot }, mode: 'http' }
    // Of a frontend that this log doesn't have.
    const other = { proxy: 'stats', service: 'FRONTEND', counts: { bout: String(at + every) }, mode: 'http' }
    const time = new Date(START + at).toISOString()
    rows.push(
      JSON.stringify({
        schema: 'haproxy-bytes/snapshot@1',
        time,
        version: '2.6.12',
        pid,
        proxies: [web, other],
      }),
    )
  }
  return `${rows.join('\n')}\n`
}

/** A picture of lines, without the command line around it. */
export async function pictureOf(
  scratch: Scratch,
  kind: 'gap' | 'waterfall',
  lines: string | Buffer,
  { snapshots, format = FORMAT }: { readonly snapshots?: string; readonly format?: string } = {},
): Promise<Picture> {
  const file = scratch.file('pictured.log')
  writeFileSync(file, lines)
  const all = snapshots === undefined ? undefined : readCounters(snapshots)
  const settings = { version: '2.6.12', counters: all && { before: all, after: all } }
  const zone = new Zone('UTC')
  const reader: PictureReader =
    kind === 'gap' ? new GapReader(settings, zone, undefined) : new WaterfallReader(settings)
  await readLogs(
    [file],
    { formats: [parseLogFormat(format)], zone, asked: ASKED_FIELDS },
    { line: (reading, line) => void reader.line(reading, line) },
  )
  return reader.picture()
}
