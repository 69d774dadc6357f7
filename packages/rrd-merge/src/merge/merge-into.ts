import { cellsEnd } from '../format/index.ts'
import type { Rrd } from '../format/types.ts'
import { type ByteRange, DirtyPages } from './dirty-pages.ts'
import { fillArchive, type MergeRun } from './merge-archive.ts'
import type { MergeOptions } from './options.ts'
import { pairStructure, type StructurePairing } from './pair-structure.ts'
import type { ArchiveReport, DataSourceReport, MergeReport } from './report.ts'

export interface MergeOutcome {
  /** The merged image: the target itself, or a new one where the structure changed. */
  readonly rrd: Rrd
  /** False where the target's bytes are what they were: nothing to write. */
  readonly changed: boolean
  /** What differs from the target's bytes, in pages of 4 KiB; the whole image where the structure changed. */
  readonly dirty: readonly ByteRange[]
  readonly report: MergeReport
}

/**
 * Merges OLDs into the target's cells, in place. The header never changes, and of the cells only those that take a value;
 * options that change the structure give a new image instead and leave the target as it is.
 * @throws RrdError ESWAPPED, EMISMATCH, EUSAGE before anything changes.
 */
export function mergeInto(target: Rrd, olds: readonly Rrd[], options: MergeOptions = {}): MergeOutcome {
  const pairing = pairStructure(
    target.header,
    olds.map((old) => old.header),
    options,
  )
  const dirty = new DirtyPages(target.header.length, cellsEnd(target.header))
  const run: MergeRun = { target, olds, pairing, options, dirty }
  const rras = target.header.archives.map((_, index) => fillArchive(run, index))
  const report = reportOf(run, rras)
  const changed = report.filled + report.replaced + report.erased > 0
  return { rrd: target, changed, dirty: dirty.ranges(), report }
}

function reportOf({ target, olds, pairing }: MergeRun, rras: readonly ArchiveReport[]): MergeReport {
  const sum = (pick: (archive: ArchiveReport) => number) =>
    rras.reduce((total, archive) => total + pick(archive), 0)
  return {
    filled: sum(({ filled }) => filled),
    replaced: sum(({ replaced }) => replaced),
    erased: sum(({ erased }) => erased),
    stillUnknown: sum(({ stillUnknown }) => stillUnknown),
    rras,
    ds: dataSourcesOf(target, olds, pairing),
    warnings: pairing.warnings,
  }
}

function dataSourcesOf(
  target: Rrd,
  olds: readonly Rrd[],
  { dataSources }: StructurePairing,
): DataSourceReport {
  const names = target.header.dataSources.map(({ name }) => name)
  const isMatched = (_: string, index: number) =>
    dataSources.some(({ columns }) => (columns[index] as number) >= 0)
  const isMissing = (name: string, index: number) => !isMatched(name, index)
  return {
    matched: names.filter(isMatched),
    missing: olds.length === 0 ? [] : names.filter(isMissing),
    extra: [...new Set(dataSources.flatMap(({ extra }) => extra))],
    added: [],
  }
}
