import { RrdError } from '../format/error.ts'
import type { RrdHeader } from '../format/types.ts'
import { archiveWarnings } from './archive-warnings.ts'
import { pairOnce } from './known-pairing.ts'
import { checkOptions, type MergeOptions } from './options.ts'
import { type ArchiveSource, sourcesFor } from './pair-archives.ts'
import { type DataSourcePairing, pairDataSources } from './pair-data-sources.ts'
import { planStructure, type StructureChange } from './plan-structure.ts'
import { refuseSwapped } from './refuse-swapped.ts'
import { timeWarnings } from './time-warnings.ts'
import { type MergeWarning, oldLabel, spanText, warning } from './warnings.ts'

/** What NEW and its OLDs have in common, known from their headers alone. */
export interface StructurePairing {
  /** By OLD. */
  readonly dataSources: readonly DataSourcePairing[]
  /** By NEW's archive, then by OLD: the archives to take from, best first. */
  readonly sources: readonly (readonly (readonly ArchiveSource[])[])[]
  /** What `addDs`, `addRra` and `grow` do first; all of the above is about NEW as it is after that. */
  readonly change: StructureChange | null
  readonly warnings: readonly MergeWarning[]
}

/**
 * Pairs data sources and archives, and refuses what cannot be merged before a single cell is read.
 * @throws RrdError ESWAPPED, EMISMATCH, EUSAGE
 */
export function pairStructure(
  newHeader: RrdHeader,
  olds: readonly RrdHeader[],
  options: MergeOptions = {},
): StructurePairing {
  checkOptions(options)
  const warnings: MergeWarning[] = []
  olds.forEach((old, index) => {
    refuseSwapped(newHeader, old, options, oldLabel(index, olds.length))
  })
  const change = planStructure(newHeader, olds, options)
  const target = change?.header ?? newHeader
  const { dataSources, sources } = pairOnce([target, ...olds], options, () => ({
    dataSources: olds.map((old, index) =>
      pairDataSources(target.dataSources, old.dataSources, options, index, oldLabel(index, olds.length)),
    ),
    sources: target.archives.map((archive) => olds.map((old) => sourcesFor(archive, old, options))),
  }))
  warnings.push(...unusedMappings(target, options))
  for (const pairing of dataSources) warnings.push(...pairing.warnings)
  warnings.push(...unusedOlds(target, olds, dataSources, sources))
  warnings.push(...archiveWarnings(target, olds, sources), ...timeWarnings(target, olds, sources))
  if (options.strict === true) refuseMismatch(warnings)
  return { dataSources, sources, change, warnings }
}

/** An OLD with nothing in common is a mistake; if none has anything, the merge is refused. */
function unusedOlds(
  target: RrdHeader,
  olds: readonly RrdHeader[],
  dataSources: readonly DataSourcePairing[],
  sources: StructurePairing['sources'],
): MergeWarning[] {
  const errors = olds.map((old, index) => {
    const label = oldLabel(index, olds.length)
    if (dataSources[index]?.columns.every((column) => column < 0)) {
      const names = ({ dataSources }: RrdHeader) => dataSources.map(({ name }) => name).join(', ')
      return new RrdError(
        'EMISMATCH',
        `no data source in common: NEW has ${names(target)}, ${label} has ${names(old)}`,
        {
          remedy: '--map-ds NEW=OLD or --ds-by-index pairs them',
        },
      )
    }
    if (sources.every((byOld) => byOld[index]?.length === 0)) {
      const spans = ({ archives }: RrdHeader) =>
        [...new Set(archives.map(({ cf, span }) => `${cf} ${spanText(span)}`))].join(', ')
      return new RrdError(
        'EMISMATCH',
        `no archive in common: NEW has ${spans(target)}, ${label} has ${spans(old)}`,
        {
          remedy:
            '--consolidate, --expand, --resample or --derive-cf compute values, --add-rra keeps the archives of OLD',
        },
      )
    }
    return null
  })
  const first = errors[0]
  if (first && errors.every((error) => error !== null)) throw first
  return errors.flatMap((error, old) =>
    error === null ? [] : [warning('old-unused', error.message, { old })],
  )
}

/** In a tree a mapping is for some of the files; where it isn't for this one, that is said and not more. */
function unusedMappings({ dataSources }: RrdHeader, { mapDs = {} }: MergeOptions): MergeWarning[] {
  const names = new Set(dataSources.map(({ name }) => name))
  return Object.keys(mapDs)
    .filter((ds) => !names.has(ds))
    .map((ds) => warning('ds-map-unused', `NEW has no data source ${ds} to map`, { ds }))
}

/** Remarks that are no difference in structure, so `strict` lets them pass. */
const HARMLESS: ReadonlySet<string> = new Set(['archive-cyclic', 'no-overlap', 'newer-old', 'ds-map-unused'])

function refuseMismatch(warnings: readonly MergeWarning[]): void {
  const mismatch = warnings.find(({ code }) => !HARMLESS.has(code))
  if (mismatch)
    throw new RrdError('EMISMATCH', `strict: ${mismatch.message}`, { remedy: 'leave --strict out' })
}
