import type { Model } from '../model/index.ts'
import type { LineCounts } from '../totals/index.ts'
import type { Explained, ExplainedDirection, Explanation, Step } from '../wire/index.ts'
import type { ToldWarning } from './total-report.ts'
import { modelDocument, wireDirection } from './wire-document.ts'

/** `haproxy-bytes/explain@1` without its schema name. */
export function explainDocument(
  { frontends, totals, wireCounters }: Explanation,
  model: Model,
  lines: Readonly<LineCounts>,
  warnings: readonly ToldWarning[],
) {
  return {
    lines,
    model: modelDocument(model),
    wireCounters: wireCounters ?? null,
    groups: frontends.map((one) => ({ key: { frontend: one.frontend }, ...explainedDocument(one) })),
    totals: explainedDocument(totals),
    warnings,
  }
}

function explainedDocument({ requests, out, in: sent }: Explained) {
  return {
    requests,
    wire: { out: wireDirection(out.wire), in: sent ? wireDirection(sent.wire) : null },
    waterfall: { out: out.waterfall.map(stepDocument), in: sent ? sent.waterfall.map(stepDocument) : null },
    counted: countedDocument(out, sent),
  }
}

function countedDocument({ counted }: ExplainedDirection, sent: ExplainedDirection | undefined) {
  return counted === undefined ? null : { out: counted, in: sent?.counted ?? null }
}

const stepDocument = ({ code, kind, value, low, high }: Step) => ({
  code,
  kind,
  value: value ?? null,
  low,
  high: high ?? null,
})
