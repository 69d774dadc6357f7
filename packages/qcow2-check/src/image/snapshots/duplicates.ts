import type { FindingsList } from '../findings-list.ts'
import type { Snapshot } from '../image.ts'

/** Findings, not entries: a hostile table could hold 65536 of a name. */
const MOST = 100

/** QEMU takes the first of several entries with an id or a name; the others can't be reached by it. */
export function addDuplicates(entries: readonly Snapshot[], findings: FindingsList): void {
  let left = MOST
  for (const what of ['id', 'name'] as const) {
    const seen = new Set<string>()
    for (const snapshot of entries) {
      const value = snapshot[what]
      if (seen.has(value) && value !== '' && left-- > 0)
        findings.add(
          'snapshot-duplicate',
          { offset: snapshot.entryOffset, length: snapshot.entryLength },
          { what, value, index: snapshot.index },
          { snapshot: snapshot.id },
        )
      seen.add(value)
    }
  }
}
