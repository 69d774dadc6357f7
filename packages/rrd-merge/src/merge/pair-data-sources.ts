import { RrdError } from '../format/error.ts'
import type { DataSource } from '../format/types.ts'
import { compareTypes } from './data-source-types.ts'
import type { MergeOptions } from './options.ts'
import { type MergeWarning, warning } from './warnings.ts'

/** Which data source of one OLD belongs to each of NEW's. */
export interface DataSourcePairing {
  /** By NEW's index: the index in OLD, or -1. */
  readonly columns: Int32Array
  /** OLD's rows have the same cells in the same order, so whole rows line up. */
  readonly identical: boolean
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly warnings: readonly MergeWarning[]
}

type Options = Pick<MergeOptions, 'mapDs' | 'dsByIndex' | 'forceType'>

/**
 * Pairs by name (by position with `dsByIndex`); `mapDs` goes before both, and a data source of OLD that it names is
 * no longer there for its namesake.
 * @throws RrdError EMISMATCH where types don't go together and `forceType` isn't given.
 */
export function pairDataSources(
  news: readonly DataSource[],
  olds: readonly DataSource[],
  options: Options,
  old = 0,
  label = 'OLD',
): DataSourcePairing {
  const columns = matchColumns(news, olds, options)
  const warnings: MergeWarning[] = []
  const missing: string[] = []
  const sought: string[] = []
  const used = new Set<number>(columns)
  news.forEach((source, index) => {
    const partner = olds[columns[index] as number]
    const wanted = options.mapDs?.[source.name] ?? source.name
    if (partner === undefined) {
      missing.push(source.name)
      // Left out by `mapDs`: nothing was looked for.
      if (wanted !== '') sought.push(wanted)
    } else warnings.push(...comparePair(source, partner, options, old, label))
  })
  const extra = olds.filter((_, index) => !used.has(index)).map((source) => source.name)
  if (sought.length > 0 && missing.length < news.length) {
    warnings.push(
      warning('ds-missing', `${label} has no data source ${sought.join(', ')}`, { old, ds: sought }),
    )
  }
  if (extra.length > 0) {
    warnings.push(
      warning('ds-extra', `only ${label} has data source ${extra.join(', ')}`, { old, ds: extra }),
    )
  }
  const identical = news.length === olds.length && columns.every((column, index) => column === index)
  return { columns, identical, missing, extra, warnings }
}

function matchColumns(
  news: readonly DataSource[],
  olds: readonly DataSource[],
  options: Options,
): Int32Array {
  const { mapDs = {}, dsByIndex = false } = options
  const names = new Map(numbered(olds).map((key, index) => [key, index]))
  const keys = numbered(news)
  const mapped = new Map(Object.entries(mapDs))
  const claimed = new Set<number>()
  const columns = Int32Array.from(news, ({ name }) => {
    const wanted = mapped.get(name)
    const column = wanted === undefined ? -1 : (names.get(keyOf(wanted, 0)) ?? -1)
    if (column >= 0) claimed.add(column)
    return column
  })
  return columns.map((column, index) => {
    const { name } = news[index] as DataSource
    if (mapped.has(name)) return column
    const natural = dsByIndex ? (index < olds.length ? index : -1) : (names.get(keys[index] as string) ?? -1)
    return claimed.has(natural) ? -1 : natural
  })
}

/** No file should have a name twice; one that has is paired first with first, so that no series crosses into another. */
function numbered(sources: readonly DataSource[]): string[] {
  const seen = new Map<string, number>()
  return sources.map(({ name }) => {
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return keyOf(name, before)
  })
}

const keyOf = (name: string, before: number): string => `${before} ${name}`

function comparePair(
  mine: DataSource,
  theirs: DataSource,
  options: Options,
  old: number,
  label: string,
): MergeWarning[] {
  const warnings: MergeWarning[] = []
  const ds = mine.name
  const differ = compareTypes(mine.type, theirs.type)
  if (differ === 'incompatible' && options.forceType !== true) {
    throw new RrdError('EMISMATCH', `data source ${ds}: NEW has ${mine.type}, ${label} has ${theirs.type}`, {
      remedy: `--force-type merges them all the same, --map-ds ${ds}= leaves this data source out`,
    })
  }
  if (differ !== 'same') {
    const message = `data source ${ds} is ${mine.type} in NEW and ${theirs.type} in ${label}`
    warnings.push(warning('ds-type-differs', message, { old, ds, newType: mine.type, oldType: theirs.type }))
  }
  const bounds = {
    newMin: mine.minimum,
    newMax: mine.maximum,
    oldMin: theirs.minimum,
    oldMax: theirs.maximum,
  }
  const sameBounds = Object.is(mine.minimum, theirs.minimum) && Object.is(mine.maximum, theirs.maximum)
  // pnp4nagios names data sources by the position of the plugin's perfdata, so equal names prove nothing.
  if (/^\d+$/.test(ds) && mine.name === theirs.name && (differ !== 'same' || !sameBounds)) {
    const message = `data source ${ds} is named by its position and differs in type, minimum or maximum: is it the same one?`
    warnings.push(warning('ds-position-doubtful', message, { old, ds, ...bounds }))
  }
  if (narrower(mine, theirs)) {
    const message = `data source ${ds}: NEW allows ${range(mine)}, ${label} allowed ${range(theirs)}`
    warnings.push(warning('ds-bounds-narrower', message, { old, ds, ...bounds }))
  }
  return warnings
}

/** An unset bound is NaN, and comparisons with NaN are false. */
function narrower(mine: DataSource, theirs: DataSource): boolean {
  const above = Number.isNaN(mine.minimum) ? false : !(theirs.minimum >= mine.minimum)
  const below = Number.isNaN(mine.maximum) ? false : !(theirs.maximum <= mine.maximum)
  return above || below
}

const bound = (value: number): string => (Number.isNaN(value) ? 'U' : String(value))
const range = ({ minimum, maximum }: DataSource): string => `${bound(minimum)} to ${bound(maximum)}`
