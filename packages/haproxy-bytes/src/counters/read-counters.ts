import type { Snapshot } from './counters.ts'
import { CountersError } from './counters-error.ts'
import { parseExposition } from './exposition.ts'
import { parseShowInfo } from './show-info.ts'
import { parseShowStat } from './show-stat.ts'
import { parseSnapshotLine, SNAPSHOT_SCHEMA } from './snapshot-line.ts'

/**
 * Reads whatever holds counters: lines that `snapshot` wrote, `show stat` with or without `show info` around it, or a
 * Prometheus exposition. In the order of the text. A last line that was cut off while it was written is left out.
 * @throws CountersError
 */
export function readCounters(text: string): Snapshot[] {
  if (text.trimStart().startsWith(`{"schema":"${SNAPSHOT_SCHEMA}"`)) return readSnapshots(text)
  const proxies = parseShowStat(text)
  if (proxies) return [{ ...parseShowInfo(text), proxies }]
  const exposed = parseExposition(text)
  if (exposed) return [exposed]
  throw new CountersError('no-counters')
}

function readSnapshots(text: string): Snapshot[] {
  const lines = text.split('\n')
  const whole = text.endsWith('\n') ? lines : lines.slice(0, -1)
  const snapshots = whole.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseSnapshotLine(line, index + 1)],
  )
  if (snapshots.length === 0) throw new CountersError('no-counters')
  return snapshots
}

/** The last snapshot before an instant, ms of UTC; one without a time is taken at its word. */
export function snapshotBefore(snapshots: readonly Snapshot[], instant: number): Snapshot | undefined {
  return snapshots.filter(({ time }) => time === undefined || time <= instant).at(-1)
}

/** The first snapshot after it. */
export function snapshotAfter(snapshots: readonly Snapshot[], instant: number): Snapshot | undefined {
  return snapshots.find(({ time }) => time === undefined || time >= instant)
}
