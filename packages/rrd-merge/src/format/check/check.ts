import { abiOf } from '../architecture.ts'
import { describeRrd } from '../description.ts'
import { cellsEnd, layoutOf } from '../layout.ts'
import type { Rrd, RrdHeader } from '../types.ts'
import { checkArchives } from './archives.ts'
import { checkCells } from './cells.ts'
import { checkDataSources } from './data-sources.ts'
import type { Finding } from './finding.ts'

/** What a check has to be told. */
export interface CheckOptions {
  /** Seconds since 1970 by which a last update lies in the future; not looked at where absent. */
  readonly now?: number
}

/** Clocks of two machines may differ by this many seconds. */
const CLOCK_SKEW = 300

const checkLiveHead = (header: RrdHeader, now: number | undefined): Finding[] => {
  const findings: Finding[] = []
  const at = layoutOf(header).liveHead
  const { lastUpdate, lastUpdateUsec } = header
  if (lastUpdate === 0) {
    const message = 'the last update is at 0, 1970-01-01: the file was never updated'
    findings.push({ code: 'never-updated', severity: 'warning', message, offset: at })
  }
  if (now !== undefined && lastUpdate > now + CLOCK_SKEW) {
    const message = `the last update ${lastUpdate} is ${lastUpdate - now} s in the future: rrdtool refuses updates until then`
    findings.push({ code: 'last-update-future', severity: 'warning', message, offset: at })
  }
  if (lastUpdateUsec < 0 || lastUpdateUsec > 999_999) {
    const offset = at + abiOf(header.architecture).time
    const message = `${lastUpdateUsec} microseconds of the last update`
    findings.push({ code: 'usec-range', severity: 'warning', message, offset })
  }
  return findings
}

/**
 * Looks over a file that could be opened. What opening itself refuses (a wrong length, cur_row out of range, a span
 * of 0) is an RrdError there.
 *
 * @returns findings in the order of the file; empty for a file as rrdtool makes them
 */
export const checkRrd = (rrd: Rrd, options: CheckOptions = {}): Finding[] => {
  const { header, bytes } = rrd
  const trailing = bytes.length - cellsEnd(header)
  return [
    ...checkLiveHead(header, options.now),
    ...checkDataSources(header),
    ...checkArchives(header, describeRrd(rrd)),
    ...checkCells(rrd),
    ...(trailing > 0
      ? [
          {
            code: 'trailing-bytes',
            severity: 'note',
            message: `${trailing} bytes after the last cell, which rrdtool never reads`,
            offset: cellsEnd(header),
          } as const,
        ]
      : []),
  ]
}
