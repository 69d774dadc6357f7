import { escapeText, formatBytes, type StreamFacts } from '@nightshift/tooling/terminal'
import type { Settlement } from '../repair/index.ts'
import { checkText } from './check-text.ts'
import { afterText, planText } from './plan-text.ts'
import type { RepairFacts } from './repair-document.ts'
import { many, shellWord } from './words.ts'

const SETTLED: Readonly<Record<Settlement, string>> = {
  untouched: 'an earlier repair was interrupted before its first write: nothing had changed',
  complete: 'an earlier repair was interrupted after its last write: it is complete',
  'rolled-back': 'an earlier repair was interrupted: the image was put back to what it was before',
}

/** What was repaired and how to undo it, then how the image stands. */
export function repairText(
  name: string,
  facts: RepairFacts,
  stream: StreamFacts,
  limit: number | undefined,
): string {
  const { before, after = before, plan, applied, settled, dryRun } = facts
  const lines = settled.map(
    ({ undoFile, settlement }) => `  ${SETTLED[settlement]} (${escapeText(undoFile)})`,
  )
  const head = checkText(name, dryRun ? before : after, {
    facts: stream,
    limit: dryRun ? 0 : limit,
    bare: true,
  })
  if (dryRun) return [head, ...lines.map((line) => `${line}\n`), planText(plan, stream)].join('')
  if (plan.actions.length === 0 || applied === undefined) lines.push('  nothing was changed')
  else {
    lines.push(`  repaired: ${actionsText(facts)}, ${formatBytes(applied.bytesWritten)} written`)
    if (applied.undoFile !== undefined)
      lines.push(
        `  > undo: qcow2-check undo ${escapeText(shellWord(name))} ${escapeText(shellWord(facts.undoName ?? applied.undoFile))}`,
      )
  }
  if (applied?.disturbedBy !== undefined)
    lines.push(`  somebody began to use it meanwhile (${escapeText(applied.disturbedBy)}): check it again`)
  for (const { class: allowed, codes } of plan.wanted)
    lines.push(`  > left as it is: ${codes.join(', ')}; see plan --allow ${allowed}`)
  if (plan.after.verdict !== after.verdict) lines.push(`  planned was ${afterText(plan.after)}`)
  return `${head}${lines.join('\n')}\n`
}

/** `3 actions (fix-refcount, fix-copied)`. */
function actionsText({ plan }: RepairFacts): string {
  const classes = [...new Set(plan.actions.map((action) => action.class))]
  return `${many(plan.actions.length, 'action')} (${classes.join(', ')})`
}
