import type { GroupedTotals, Sums } from '../totals/index.ts'

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

function sumsDocument({ requests, bytesOut, bytesIn, aborted, partial }: Sums) {
  return { requests, bytesOut, bytesIn, aborted, partial }
}
