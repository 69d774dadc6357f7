import type { SourceReport } from './report.ts'

/** One entry per OLD, CF, span and method, in the order met: several archives of a file may be alike in all of them. */
export function addUpSources(taken: Iterable<SourceReport>): SourceReport[] {
  const reports = new Map<string, SourceReport>()
  for (const { old, cf, span, how, cells } of taken) {
    if (cells === 0) continue
    const key = `${old} ${cf} ${span} ${how}`
    reports.set(key, { old, cf, span, how, cells: cells + (reports.get(key)?.cells ?? 0) })
  }
  return [...reports.values()]
}
