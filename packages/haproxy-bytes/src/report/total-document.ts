import { type Group, knownBytesIn, type Sums } from '../totals/index.ts'
import type { TotalReport, WireFigures, WireReport } from './total-report.ts'
import { modelDocument, wireDirection } from './wire-document.ts'

const GROUP_SCHEMA = 'haproxy-bytes/total-group@1'
const TOTALS_SCHEMA = 'haproxy-bytes/total-totals@1'

/** `haproxy-bytes/total@1` and `haproxy-bytes/merge@1`, without their schema names; groups are made as they are written. */
export function totalDocument({ keys, totals: { lines, groups, totals }, warnings, wire }: TotalReport) {
  return {
    lines,
    groups: groupDocuments(keys, groups, wire),
    totals: { ...sumsDocument(totals), ...wireDocument(wire?.totals) },
    ...(wire && { model: modelDocument(wire.model) }),
    warnings,
  }
}

/** One row a group, and one of all at the end. */
export function* totalRows({
  keys,
  totals: { lines, groups, totals },
  warnings,
  wire,
}: TotalReport): Generator<Readonly<Record<string, unknown>>> {
  for (const group of groups) yield { schema: GROUP_SCHEMA, ...groupDocument(keys, group, wire) }
  yield {
    schema: TOTALS_SCHEMA,
    lines,
    totals: { ...sumsDocument(totals), ...wireDocument(wire?.totals) },
    warnings,
  }
}

function* groupDocuments(keys: readonly string[], groups: Iterable<Group>, wire: WireReport | undefined) {
  for (const group of groups) yield groupDocument(keys, group, wire)
}

function groupDocument(keys: readonly string[], { key, ...sums }: Group, wire: WireReport | undefined) {
  return {
    key: Object.fromEntries(keys.map((name, index) => [name, key[index] ?? null])),
    ...sumsDocument(sums),
    ...wireDocument(wire?.of(key)),
  }
}

const wireDocument = (figures: WireFigures | undefined) =>
  figures && { wire: { out: wireDirection(figures.out), in: figures.in ? wireDirection(figures.in) : null } }

function sumsDocument(sums: Sums) {
  const { requests, bytesOut, withoutBytesIn, aborted, partial } = sums
  return { requests, bytesOut, bytesIn: knownBytesIn(sums), withoutBytesIn, aborted, early: partial }
}
