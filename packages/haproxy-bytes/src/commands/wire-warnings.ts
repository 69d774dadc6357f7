import type { Warning } from '../findings/index.ts'
import type { Model, Signatures } from '../model/index.ts'
import type { Bracket } from '../reconcile/index.ts'

export interface WireFindings {
  readonly model: Pick<Model, 'accounting'>
  readonly signatures: Signatures
  readonly bracket?: Bracket | undefined
  /** Lines outside of the snapshots. */
  readonly beside?: number
  readonly wireCounters?: 'absent' | 'wire' | 'doubled' | undefined
}

/** What makes figures of the wire, and of a bill, other than they seem. */
export function wireWarnings({
  model,
  signatures,
  bracket,
  beside = 0,
  wireCounters,
}: WireFindings): Warning[] {
  const warnings: Warning[] = []
  const lines = (accounting: 'swapped' | 'htx-own-zero'): number => signatures.seen.get(accounting) ?? 0
  if (model.accounting === 'swapped' || lines('swapped') > 0)
    warnings.push({ code: 'bytes-swapped', fields: { requests: lines('swapped') } })
  if (lines('htx-own-zero') > 0)
    warnings.push({ code: 'own-replies-zero', fields: { requests: lines('htx-own-zero') } })
  if (signatures.seen.size > 1)
    warnings.push({ code: 'several-versions', fields: { models: [...signatures.seen.keys()].sort() } })
  if (wireCounters === 'doubled') warnings.push({ code: 'wire-counters-doubled', fields: {} })
  if (bracket && !bracket.delta.comparable)
    warnings.push({ code: 'counters-incomparable', fields: { why: bracket.delta.why } })
  else if (beside > 0) warnings.push({ code: 'counters-beside', fields: { requests: beside } })
  return warnings
}
