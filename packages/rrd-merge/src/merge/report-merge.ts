import type { Archive, DataSource } from '../format/types.ts'
import { instant } from '../report/instant.ts'
import type { ChangeLog } from './change-log.ts'
import { isEmptyLoss } from './empty-loss.ts'
import type { MergeRun } from './merge-run.ts'
import type { ArchiveReport, DataSourceReport, MergeReport, Method, SourceReport } from './report.ts'
import type { SeamChange } from './seam.ts'
import { type MergeWarning, spanText, warning } from './warnings.ts'

/** Everything a merge did, as values. */
export function reportMerge(
  run: MergeRun,
  logs: readonly ChangeLog[],
  seams: readonly SeamChange[],
): MergeReport {
  const rras = logs.map((log) => log.report())
  const sum = (pick: (archive: ArchiveReport) => number) =>
    rras.reduce((total, archive) => total + pick(archive), 0)
  const totals = {
    filled: sum(({ filled }) => filled),
    replaced: sum(({ replaced }) => replaced),
    erased: sum(({ erased }) => erased),
    stillUnknown: sum(({ stillUnknown }) => stillUnknown),
  }
  return {
    ...totals,
    rras,
    ds: reportDataSources(run),
    warnings: [
      ...structureWarnings(run),
      ...run.pairing.warnings.filter((remark) => !isEmptyLoss(remark, run.olds)),
      ...computedWarnings(rras),
      ...policyWarnings(run, rras),
      ...seamWarnings(rras, seams),
    ],
  }
}

function reportDataSources({ target, pairing }: MergeRun): DataSourceReport {
  const nameOf = ({ name }: DataSource) => name
  const isMatched = (_: DataSource, index: number) =>
    pairing.dataSources.some(({ columns }) => (columns[index] as number) >= 0)
  const { dataSources } = target.header
  const added = dataSources.slice(dataSources.length - (pairing.change?.dataSources.length ?? 0))
  return {
    matched: dataSources.filter(isMatched).map(nameOf),
    missing: dataSources.filter((source, index) => !isMatched(source, index)).map(nameOf),
    extra: [...new Set(pairing.dataSources.flatMap(({ extra }) => extra))],
    added: added.map(nameOf),
  }
}

const VERBS: Readonly<Record<Exclude<Method, 'exact'>, string>> = {
  consolidated: 'consolidated from',
  'derived-cf': 'derived from',
  resampled: 'resampled from',
  expanded: 'repeated from',
}

/** Values that no file recorded are never mixed in silently. */
function computedWarnings(rras: readonly ArchiveReport[]): MergeWarning[] {
  return rras.flatMap(({ cf, span, sources }) =>
    sources.flatMap((source: SourceReport) => {
      if (source.how === 'exact') return []
      const bound =
        (cf === 'MIN' || cf === 'MAX') && source.how !== 'consolidated' ? ', which is a bound only' : ''
      const message = `${cf} ${spanText(span)}: ${source.cells} cells ${VERBS[source.how]} ${source.cf} ${spanText(source.span)}${bound}`
      const { old, cf: sourceCf, span: sourceSpan, cells } = source
      return [warning(source.how, message, { cf, span, old, sourceCf, sourceSpan, cells })]
    }),
  )
}

function policyWarnings({ options }: MergeRun, rras: readonly ArchiveReport[]): MergeWarning[] {
  const { policy } = options
  const changed = rras.filter(({ filled, replaced, erased }) => filled + replaced + erased > 0)
  const warnings: MergeWarning[] = []
  if ((policy === 'sum' || policy === 'avg') && changed.length > 0) {
    warnings.push(
      warning('not-idempotent', `policy ${policy}: merging the same OLD again would count it again`, {
        policy,
      }),
    )
    for (const { cf, span } of changed) {
      if (cf !== 'MIN' && cf !== 'MAX') continue
      const message = `${cf} ${spanText(span)}: the ${policy} of two extremes is a bound, not the extreme of the ${policy}`
      warnings.push(warning('bounds-only', message, { cf, span, policy }))
    }
  }
  for (const { cf, span, erased } of rras) {
    if (erased === 0) continue
    const message = `${cf} ${spanText(span)}: ${erased} known cells became unknown`
    const because = options.rangeCheck === true ? 'out-of-range' : 'erased'
    warnings.push(warning(because, message, { cf, span, cells: erased }))
  }
  return warnings
}

function seamWarnings(rras: readonly ArchiveReport[], seams: readonly SeamChange[]): MergeWarning[] {
  if (seams.length === 0) return []
  return rras.flatMap(({ cf, span }, index) => {
    const times = seams.filter(({ archive }) => archive === index).map(({ time }) => time)
    if (times.length === 0) return []
    const from = times.reduce((a, b) => Math.min(a, b))
    const to = times.reduce((a, b) => Math.max(a, b))
    const message = `${cf} ${spanText(span)}: ${times.length} cells at the seam recomputed from finer rows, ${instant(from)} to ${instant(to)}`
    return [warning('seam-recomputed', message, { cf, span, cells: times.length, from, to })]
  })
}

function structureWarnings({ target, pairing: { change } }: MergeRun): MergeWarning[] {
  if (!change) return []
  const { dataSources, archives } = target.header
  const ds = dataSources.slice(dataSources.length - change.dataSources.length).map(({ name }) => name)
  const rras = archives.slice(change.rows.length).map(({ cf, span, rowCount: rows }) => ({ cf, span, rows }))
  const grown = change.grown.map(({ index, rows }) => {
    const { cf, span, rowCount } = archives[index] as Archive
    return { cf, span, rows: rowCount, before: rows }
  })
  const parts = [
    ...ds.map((name) => `data source ${name} added`),
    ...rras.map(({ cf, span, rows }) => `${cf} ${spanText(span)} added with ${rows} rows`),
    ...grown.map(
      ({ cf, span, rows, before }) => `${cf} ${spanText(span)} grown from ${before} to ${rows} rows`,
    ),
  ]
  return [warning('structure-changed', parts.join('; '), { ds, rras, grown })]
}
