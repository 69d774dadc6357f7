import { type GroupedTotals, knownBytesIn, type Sums } from '../totals/index.ts'

/** `haproxy-bytes/total@1` without its schema name. */
export function totalDocument(names: readonly string[], { lines, groups, totals }: GroupedTotals) {
  return {
    lines,
    groups: groups.map(({ key, ...sums }) => ({
      key: Object.fromEntries(names.map((name, index) => [name, key[index] ?? null])),
      ...sumsDocument(sums),
    })),
    totals: sumsDocument(totals),
  }
}

function sumsDocument(sums: Sums) {
  const { requests, bytesOut, withoutBytesIn, aborted, partial } = sums
  return { requests, bytesOut, bytesIn: knownBytesIn(sums), withoutBytesIn, aborted, partial }
}
