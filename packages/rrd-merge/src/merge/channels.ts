import type { Archive, DataSource, Rrd } from '../format/types.ts'
import { consolidatingReader } from './consolidate.ts'
import { isCombining, type Policy } from './options.ts'
import { type ArchiveSource, METHODS } from './pair-archives.ts'
import type { StructurePairing } from './pair-structure.ts'
import type { SourceReport } from './report.ts'
import { resamplingReader } from './resample.ts'
import { exactReader, expandingReader, type RowReader, sourceView, type TargetShape } from './row-reader.ts'

/** One archive of one OLD on offer to an archive of the target, and what was taken of it. */
export interface Offer extends SourceReport {
  readonly reader: RowReader
  /** By the target's data source: that of the OLD, or -1. */
  readonly columns: Int32Array
  cells: number
}

/**
 * Offers that answer together: per cell the first that knows it speaks. Filling has a single channel, in which
 * recorded values of every OLD come before computed ones; combining policies have one per OLD.
 */
export type Channel = readonly Offer[]

interface ChannelInputs {
  readonly target: Rrd
  readonly olds: readonly Rrd[]
  readonly pairing: StructurePairing
}

export function channelsFor(
  { target, olds, pairing }: ChannelInputs,
  index: number,
  policy: Policy,
): Channel[] {
  const { cf, span, xff } = target.header.archives[index] as Archive
  const shape: TargetShape = { cf, span, xff, step: target.header.step }
  const ranked = olds.flatMap((rrd, old) => {
    const columns = pairing.dataSources[old]?.columns as Int32Array
    return (pairing.sources[index]?.[old] ?? []).flatMap((source) =>
      offersOf(rrd, old, source, columns, shape),
    )
  })
  // Stable: within a rank the OLDs stay in the order given, and each one's archives best first.
  const offers = ranked.sort((a, b) => a.rank - b.rank).map(({ offer }) => offer)
  if (!isCombining(policy)) return [offers]
  return olds.map((_, old) => offers.filter((offer) => offer.old === old)).filter(({ length }) => length > 0)
}

interface Ranked {
  readonly rank: number
  readonly offer: Offer
}

function offersOf(
  rrd: Rrd,
  old: number,
  source: ArchiveSource,
  columns: Int32Array,
  shape: TargetShape,
): Ranked[] {
  const { cf, span } = rrd.header.archives[source.index] as Archive
  const view = sourceView(rrd, source.index, columns)
  const rank = METHODS.indexOf(source.how)
  const offer = (reader: RowReader, later = 0): Ranked => ({
    rank: rank + later,
    offer: { reader, columns, old, cf, span, how: source.how, cells: 0 },
  })
  switch (source.spans) {
    case 'exact':
      return [offer(exactReader(view))]
    case 'expanded':
      return [offer(expandingReader(view))]
    case 'resampled':
      return [offer(resamplingReader(view, shape))]
    case 'consolidated':
      // A fine archive's first or last row of the bin may be gone; one that has the whole bin is asked before it.
      return [
        offer(consolidatingReader(view, shape, true)),
        offer(consolidatingReader(view, shape, false), 0.5),
      ]
  }
}

/** Whether a value lies outside what the target's data source allows. */
export function boundsCheck(sources: readonly DataSource[]): (value: number, column: number) => boolean {
  return (value, column) => {
    const { minimum, maximum } = sources[column] as DataSource
    return value < minimum || value > maximum
  }
}
