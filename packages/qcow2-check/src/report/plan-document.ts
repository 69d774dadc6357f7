import type { JsonDocument } from '@nightshift/tooling/command-line'
import type { Action, Plan, Write } from '../plan/plan.ts'
import { countsDocument, findingDocument } from './documents.ts'

/** What `plan --json` and a plan file say of a plan, bytes and all, but of which image. */
export function planDocument(plan: Plan): JsonDocument {
  const { fingerprint, actions, finalSize, refused, wanted } = plan
  return {
    fingerprint,
    actions: actions.map((action) => ({
      ...actionDocument(action),
      writes: action.writes.map(writeDocument),
    })),
    finalSize,
    after: stateDocument(plan.after),
    refused,
    wanted,
  }
}

/** An action without its bytes. */
export function actionDocument(action: Action): JsonDocument {
  const { id, class: kind, safe, lossy, code, why, guest, snapshots, writes } = action
  return {
    id,
    class: kind,
    safe,
    lossy,
    code,
    why,
    guest,
    snapshots,
    bytes: writes.reduce((sum, { after }) => sum + after.length, 0),
  }
}

/** A state that a plan leads to, or that a repair led to. */
export function stateDocument({ verdict, counts, findings }: Plan['after']): JsonDocument {
  return { ...countsDocument(counts), verdict, findings: findings.map(findingDocument) }
}

function writeDocument({ offset, before, after, phase }: Write): JsonDocument {
  return { offset, phase, before: base64(before), after: base64(after) }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
