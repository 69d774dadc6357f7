import type { LineCounts } from '../totals/index.ts'
import { FIGURES } from './figures.ts'
import { labelName, type MetricSample, metricText } from './prometheus.ts'
import type { TotalReport } from './total-report.ts'

const PREFIX = 'haproxy_bytes_'

/** @param end when the logs had been read, seconds since 1970 */
export function totalPrometheus({ keys, totals, warnings }: TotalReport, end: number): string {
  const names = keys.map(labelName)
  const metrics = FIGURES.map(({ metric, help, of }) =>
    metricText(
      PREFIX + metric,
      help,
      [...totals.groups].flatMap(({ key, ...sums }): MetricSample[] => {
        const value = of(sums)
        if (value === null) return []
        return [[key.map((one, index) => [names[index] as string, one === null ? '' : String(one)]), value]]
      }),
    ),
  )
  const kinds = Object.entries(totals.lines) as [keyof LineCounts, number][]
  return [
    ...metrics,
    metricText(
      `${PREFIX}lines`,
      'Lines by what became of them; read is the sum of the others',
      kinds.map(([kind, count]) => [[['kind', kind]], count]),
    ),
    metricText(`${PREFIX}warnings`, 'Warnings of the last run', [[[], warnings.length]]),
    metricText(`${PREFIX}end_timestamp_seconds`, 'When the logs had been read', [[[], end]]),
  ].join('')
}
