import { hasXff, refersToDataSource } from '../format/index.ts'
import type { Archive, DataSource, RrdHeader } from '../format/types.ts'
import type { MergeOptions } from './options.ts'
import { pairDataSources } from './pair-data-sources.ts'
import { oldLabel } from './warnings.ts'

/** A data source or an archive of an OLD that NEW is to get. */
export interface Addition {
  readonly old: number
  readonly index: number
}

/** How NEW's structure is to change before its cells are merged. */
export interface StructureChange {
  readonly dataSources: readonly Addition[]
  readonly archives: readonly (Addition & { readonly rows: number })[]
  /** Row counts of NEW's own archives. */
  readonly rows: readonly number[]
  /** Those of NEW's archives that grow, with their row counts so far. */
  readonly grown: readonly { readonly index: number; readonly rows: number }[]
  /** The header NEW will have: names, types, row counts and spans are final, byte offsets are not. */
  readonly header: RrdHeader
}

type Options = Pick<MergeOptions, 'addDs' | 'addRra' | 'grow' | 'mapDs' | 'dsByIndex' | 'forceType'>

/** What `addDs`, `addRra` and `grow` change; null where nothing does, so that a second merge changes nothing. */
export function planStructure(
  target: RrdHeader,
  olds: readonly RrdHeader[],
  options: Options,
): StructureChange | null {
  if (!options.addDs && !options.addRra && !options.grow) return null
  const dataSources = options.addDs === true ? addedDataSources(target, olds, options) : []
  const archives = options.addRra === true ? addedArchives(target, olds) : []
  const rows = target.archives.map((archive) =>
    options.grow === true ? grownRows(archive, olds) : archive.rowCount,
  )
  const grown = target.archives
    .map(({ rowCount }, index) => ({ index, rows: rowCount }))
    .filter(({ index, rows: before }) => rows[index] !== before)
  if (dataSources.length + archives.length + grown.length === 0) return null
  const header: RrdHeader = {
    ...target,
    dataSources: [
      ...target.dataSources,
      ...dataSources.map(({ old, index }) => olds[old]?.dataSources[index] as DataSource),
    ],
    archives: [
      ...target.archives.map((archive, index) => ({ ...archive, rowCount: rows[index] as number })),
      ...archives.map(({ old, index, rows: rowCount }) => ({
        ...(olds[old]?.archives[index] as Archive),
        rowCount,
        currentRow: rowCount - 1,
      })),
    ],
  }
  return { dataSources, archives, rows, grown, header }
}

function addedDataSources(target: RrdHeader, olds: readonly RrdHeader[], options: Options): Addition[] {
  const added: Addition[] = []
  const known = [...target.dataSources]
  olds.forEach(({ dataSources }, old) => {
    const used = new Set<number>(
      pairDataSources(known, dataSources, options, old, oldLabel(old, olds.length)).columns,
    )
    const names = new Set(known.map(({ name }) => name))
    dataSources.forEach((source, index) => {
      if (used.has(index) || names.has(source.name)) return
      names.add(source.name)
      known.push(source)
      added.push({ old, index })
    })
  })
  return added.filter(({ old, index }) => isComputable(olds[old] as RrdHeader, index, known))
}

/** The expression of a COMPUTE refers to data sources by index: all of them must have their namesake in NEW. */
function isComputable({ dataSources }: RrdHeader, index: number, known: readonly DataSource[]): boolean {
  const names = new Set(known.map(({ name }) => name))
  return (dataSources[index]?.rpn ?? []).every(
    (node) => !refersToDataSource(node) || names.has(dataSources[node.value]?.name ?? ''),
  )
}

/** AVERAGE, MIN, MAX and LAST only: Holt-Winters archives depend on each other and on state that OLD alone had. */
function addedArchives(target: RrdHeader, olds: readonly RrdHeader[]): (Addition & { rows: number })[] {
  const added = new Map<string, Addition & { rows: number }>()
  const keyOf = ({ cf, span }: Archive) => `${cf} ${span}`
  const present = new Set(target.archives.map(keyOf))
  olds.forEach(({ archives }, old) => {
    archives.forEach((archive, index) => {
      const key = keyOf(archive)
      if (present.has(key) || !hasXff(archive.cf) || archive.span % target.step !== 0) return
      const { rowCount: rows } = archive
      if (rows > (added.get(key)?.rows ?? 0)) added.set(key, { old, index, rows })
    })
  })
  return [...added.values()]
}

function grownRows(archive: Archive, olds: readonly RrdHeader[]): number {
  if (!hasXff(archive.cf)) return archive.rowCount
  const partners = olds
    .flatMap(({ archives }) => archives)
    .filter(({ cf, span }) => cf === archive.cf && span === archive.span)
  return partners.reduce((rows, { rowCount }) => Math.max(rows, rowCount), archive.rowCount)
}
