import {
  addIntervals,
  addRanges,
  type ByteFigure,
  type LossCollector,
  type LossEntry,
  lossLedger,
  type Range,
} from '../loss/index.ts'

/** Lines that somebody says were lost, and what they held by the lines around them. */
export interface ToldLoss {
  readonly lines: Range
  readonly bytes: ByteFigure
}

/** The same, and who says so. */
export interface ToldLosses extends ToldLoss {
  readonly entries: readonly LossEntry[]
}

/** What losses may have told, beside what counters show. */
export interface TellingLosses {
  readonly logs: LossCollector
  readonly sampled?: ReadonlySet<string>
  readonly targets?: number
}

/** Where and when they are asked for. */
interface Asked {
  /** ms of UTC */
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly only?: readonly string[] | undefined
  /** `DroppedLogs` between the snapshots. */
  readonly dropped?: bigint | undefined
}

/**
 * What numbers of %lc, log daemons and HAProxy itself tell of lost lines. Numbers of %rt tell of streams without a line
 * too, and counters are held against the log by themselves: neither is here. Undefined: nobody tells of any.
 */
export function toldLosses(
  { logs, sampled, targets }: TellingLosses,
  { since, until, only, dropped }: Asked,
): ToldLosses | undefined {
  const { entries } = lossLedger(logs, {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(sampled && { sampled }),
    ...(targets !== undefined && { targets }),
    ...(dropped !== undefined && { dropped }),
  })
  const told = entries.filter(
    ({ evidence, frontend }) =>
      evidence !== 'rt' && (only === undefined || frontend === undefined || only.includes(frontend)),
  )
  return told.length === 0 ? undefined : { ...summed(told), entries: told }
}

/**
 * Those of one frontend. Of losses that may be any's it likely has its share, and perhaps none or all.
 *
 * @param frontend undefined: lines don't tell theirs, so that all are of one
 * @param share of the lines that arrived
 */
export function toldOf(
  { entries }: ToldLosses,
  frontend: string | undefined,
  share: number,
): ToldLoss | undefined {
  const parts = entries.flatMap((entry): ToldLoss[] => {
    if (frontend === undefined || entry.frontend === frontend) return [entry]
    if (entry.frontend !== undefined) return []
    const { kind } = entry.bytes
    return [{ lines: shareOf(entry.lines, share), bytes: { ...shareOf(entry.bytes, share), kind } }]
  })
  return parts.length === 0 ? undefined : summed(parts)
}

const shareOf = ({ estimate, high }: Range, share: number): Range => ({
  low: 0,
  estimate: Math.round(estimate * share),
  ...(high !== undefined && { high }),
})

function summed(parts: readonly ToldLoss[]): ToldLoss {
  const isUnknown = parts.some(({ bytes }) => bytes.kind === 'unknown')
  return {
    lines: addRanges(parts.map(({ lines }) => lines)),
    bytes: {
      ...addIntervals(parts.map(({ bytes }) => bytes)),
      kind: isUnknown ? 'unknown' : 'estimated',
    },
  }
}
