import { RrdError } from '../format/error.ts'

/**
 * What happens where NEW and OLD both know a cell. `fill`: NEW's stays (the founding rule). `prefer-old`: OLD's
 * is taken. `sum`, `avg`, `max`, `min` combine NEW's and every OLD's value.
 */
export type Policy = 'fill' | 'prefer-old' | 'sum' | 'avg' | 'max' | 'min'

/** How a merge decides. Every option may be left out; the defaults are the founding rule. Times are seconds since 1970. */
export interface MergeOptions {
  /** Default `fill`. */
  readonly policy?: Policy
  /** `cell` (default): each data source for itself. `row`: only rows unknown in all data sources, whole from one OLD. */
  readonly granularity?: 'cell' | 'row'
  /** Only rows that end at or after this time may change. */
  readonly from?: number
  /** Only rows that end at or before this time may change. */
  readonly to?: number
  /** Rows that end at or before this time become OLD's, known or not; later ones stay NEW's, known or not. */
  readonly cut?: number
  /** NEW's data source name to OLD's; an empty name means NEW's has no partner. */
  readonly mapDs?: Readonly<Record<string, string>>
  /** Pairs data sources by position instead of name. */
  readonly dsByIndex?: boolean
  /** Takes another CF's value of the same row where the own CF is missing (MAX from AVERAGE). */
  readonly deriveCf?: boolean
  /** Computes coarse cells from OLD's finer archives where no cell of the same span is known. */
  readonly consolidate?: boolean
  /** Repeats OLD's coarse values over the finer rows they cover. */
  readonly expand?: boolean
  /** Weighs archives together whose spans are no multiples of each other. */
  readonly resample?: boolean
  /** Appends data sources that only OLD has. */
  readonly addDs?: boolean
  /** Appends archives that only OLD has. */
  readonly addRra?: boolean
  /** Enlarges archives to the row count of OLD's longest partner. */
  readonly grow?: boolean
  /** Merges data sources whose types don't go together (GAUGE with COUNTER). */
  readonly forceType?: boolean
  /** Makes values outside NEW's minimum and maximum unknown, as `rrdtool restore -r` does. */
  readonly rangeCheck?: boolean
  /** For `sum` and `avg`, known with unknown: `zero` (default) keeps the known value, `propagate` makes it unknown. */
  readonly nan?: 'propagate' | 'zero'
  /** Fills only runs of unknown rows that last longer than this many seconds. */
  readonly onlyGapsLongerThan?: number
  /** Allows an OLD whose last update is after NEW's. */
  readonly allowNewerOld?: boolean
  /** `recompute`: coarse rows half from NEW and half from OLD are computed afresh from the merged finer archive. */
  readonly seam?: 'keep' | 'recompute'
  /** Refuses where the files differ in structure at all. */
  readonly strict?: boolean
}

const COMBINING: ReadonlySet<Policy> = new Set(['sum', 'avg', 'max', 'min'])

/** True for the policies that compute with both values. */
export const isCombining = (policy: Policy | undefined): boolean =>
  policy !== undefined && COMBINING.has(policy)

/** Refuses options that contradict each other. @throws RrdError EUSAGE */
export function checkOptions(options: MergeOptions): void {
  const { policy = 'fill', granularity = 'cell', cut, from, to, onlyGapsLongerThan: gap } = options
  oneOf('policy', policy, ['fill', 'prefer-old', 'sum', 'avg', 'max', 'min'])
  oneOf('granularity', granularity, ['cell', 'row'])
  oneOf('nan', options.nan ?? 'zero', ['propagate', 'zero'])
  oneOf('seam', options.seam ?? 'keep', ['keep', 'recompute'])
  for (const [name, time] of Object.entries({ from, to, cut })) {
    if (time !== undefined && !Number.isFinite(time)) usage(`${name}: ${time} is no time`)
  }
  if (gap !== undefined && !(gap >= 0)) usage(`only-gaps-longer-than: ${gap} is no duration in seconds`)
  if (from !== undefined && to !== undefined && from > to) usage(`from ${from} is after to ${to}`)
  if (cut !== undefined && policy !== 'fill') usage(`cut and policy ${policy} contradict each other`)
  if (cut !== undefined && granularity === 'row') usage('cut and granularity row contradict each other')
  if (cut !== undefined && gap !== undefined) usage('cut and only-gaps-longer-than contradict each other')
  if (options.nan === 'propagate' && policy !== 'sum' && policy !== 'avg') {
    usage(`nan propagate is for policies sum and avg; policy ${policy} takes whichever value is known`)
  }
  if (granularity === 'row' && policy !== 'fill') {
    usage(`granularity row fills unknown rows whole; policy ${policy} works cell by cell`)
  }
}

function oneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) usage(`${name}: ${value} is none of ${allowed.join(', ')}`)
}

function usage(message: string): never {
  throw new RrdError('EUSAGE', message)
}
