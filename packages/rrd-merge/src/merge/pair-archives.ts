import { hasXff, isCyclicState } from '../format/index.ts'
import type { Archive, RrdHeader } from '../format/types.ts'
import type { MergeOptions } from './options.ts'
import type { Method } from './report.ts'

/** An archive of an OLD from which one of NEW's can take values. */
export interface ArchiveSource {
  /** Position in OLD's list of archives. */
  readonly index: number
  readonly how: Method
  /** How spans are brought together; `exact` where `how` is `derived-cf` on the same span. */
  readonly spans: Exclude<Method, 'derived-cf'>
}

type Options = Pick<MergeOptions, 'deriveCf' | 'consolidate' | 'expand' | 'resample'>

/** The order in which methods are asked: what was recorded, then what follows from it, then guesses. */
export const METHODS: readonly Method[] = ['exact', 'consolidated', 'derived-cf', 'resampled', 'expanded']

/**
 * Archives of one OLD for one of NEW's, best first: by method, then own CF before others, then (same span) the longest,
 * (consolidating) the finest, (resampling, expanding) the closest span, then the order in the file.
 */
export function sourcesFor(target: Archive, old: RrdHeader, options: Options): ArchiveSource[] {
  if (isCyclicState(target.cf)) return []
  const found: { source: ArchiveSource; rank: readonly number[] }[] = []
  old.archives.forEach((archive, index) => {
    if (archive.cf !== target.cf && options.deriveCf !== true) return
    const crossing = crossingRank(target, archive, old)
    if (crossing < 0) return
    const spans = methodFor(target.span, archive.span, hasXff(target.cf), options)
    if (spans === null) return
    const how = crossing > 0 ? 'derived-cf' : spans
    const closeness =
      spans === 'exact'
        ? -archive.rowCount
        : spans === 'consolidated'
          ? archive.span
          : distance(target, archive)
    found.push({
      source: { index, how, spans },
      rank: [METHODS.indexOf(how), METHODS.indexOf(spans), crossing, closeness, index],
    })
  })
  return found.sort((a, b) => compareRanks(a.rank, b.rank)).map(({ source }) => source)
}

function methodFor(
  target: number,
  source: number,
  plain: boolean,
  options: Options,
): ArchiveSource['spans'] | null {
  if (source === target) return 'exact'
  if (!plain) return null
  if (target % source === 0) return options.consolidate === true ? 'consolidated' : null
  if (source % target === 0) return options.expand === true ? 'expanded' : null
  return options.resample === true ? 'resampled' : null
}

/**
 * 0 for the same CF, then the better the lower, -1 where nothing follows. A row of a single primary data point is that
 * data point whatever the CF. Otherwise only averages and last values stand in for others: an average made of
 * maxima would be wrong without limit.
 */
function crossingRank(target: Archive, source: Archive, old: RrdHeader): number {
  if (source.cf === target.cf) return 0
  if (!hasXff(source.cf) || !hasXff(target.cf)) return -1
  if (source.pdpPerRow === 1 && source.span === old.step) return 1
  if (source.cf === 'AVERAGE') return 2
  return source.cf === 'LAST' ? 3 : -1
}

const distance = (target: Archive, source: Archive): number => Math.abs(Math.log(source.span / target.span))

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] as number) - (b[index] as number)
    if (difference !== 0) return difference
  }
  return 0
}
