import { type Group, knownBytesIn, type Sums } from '../totals/index.ts'
import type { TotalReport } from './total-report.ts'

const GROUP_SCHEMA = 'haproxy-bytes/total-group@1'
const TOTALS_SCHEMA = 'haproxy-bytes/total-totals@1'

/** `haproxy-bytes/total@1` and `haproxy-bytes/merge@1`, without their schema names. */
export function totalDocument({ keys, totals: { lines, groups, totals }, warnings }: TotalReport) {
  return {
    lines,
    groups: groups.map((group) => groupDocument(keys, group)),
    totals: sumsDocument(totals),
    warnings,
  }
}

/** One row a group, and one of all at the end. */
export function* totalRows({
  keys,
  totals: { lines, groups, totals },
  warnings,
}: TotalReport): Generator<Readonly<Record<string, unknown>>> {
  for (const group of groups) yield { schema: GROUP_SCHEMA, ...groupDocument(keys, group) }
  yield { schema: TOTALS_SCHEMA, lines, totals: sumsDocument(totals), warnings }
}

function groupDocument(keys: readonly string[], { key, ...sums }: Group) {
  return {
    key: Object.fromEntries(keys.map((name, index) => [name, key[index] ?? null])),
    ...sumsDocument(sums),
  }
}

function sumsDocument(sums: Sums) {
  const { requests, bytesOut, withoutBytesIn, aborted, partial } = sums
  return { requests, bytesOut, bytesIn: knownBytesIn(sums), withoutBytesIn, aborted, early: partial }
}
