import { structureOf } from '../format/known-structure.ts'
import type { RrdHeader } from '../format/types.ts'
import type { MergeOptions } from './options.ts'
import type { StructurePairing } from './pair-structure.ts'

type Paired = Pick<StructurePairing, 'dataSources' | 'sources'>

interface Known {
  readonly structures: readonly object[]
  readonly options: readonly unknown[]
  readonly paired: Paired
}

/** As many as structures of files are known. */
const MOST = 12

const known: Known[] = []

/**
 * What `pair` makes of these headers, which is the same for all whose structures and options are: the files of a tree are
 * made from few templates. Nothing is remembered where a mapping names data sources.
 */
export function pairOnce(headers: readonly RrdHeader[], options: MergeOptions, pair: () => Paired): Paired {
  const structures = headers.map(structureOf)
  if (options.mapDs || !allKnown(structures)) return pair()
  const { dsByIndex, forceType, deriveCf, consolidate, expand, resample } = options
  const relevant = [dsByIndex, forceType, deriveCf, consolidate, expand, resample]
  const before = known.find((one) => areSame(one.structures, structures) && areSame(one.options, relevant))
  if (before) return before.paired
  const paired = pair()
  known.unshift({ structures, options: relevant, paired })
  if (known.length > MOST) known.pop()
  return paired
}

const allKnown = (structures: readonly (object | undefined)[]): structures is readonly object[] =>
  structures.every((structure) => structure !== undefined)

const areSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index])
