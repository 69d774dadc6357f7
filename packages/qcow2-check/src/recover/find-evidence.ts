import type { Survey } from '../check/survey.ts'
import type { Evidence } from './evidence.ts'
import { type EvidenceOptions, startSearch } from './search.ts'
import { findSnapshots } from './snapshots/find-snapshots.ts'
import { judgeSnapshots } from './snapshots/judge.ts'
import { rankTables } from './snapshots/tables.ts'
import { unclaimedL2s } from './tables/unclaimed.ts'

/**
 * Searches the file for what its tables don't lead to any more. Reads only clusters that nobody references (and, where
 * refcounts speak, that have one), the tables they lead to, and those of the snapshots.
 *
 * @throws the signal's reason; damage and what can't be read make less evidence, never an error
 */
export async function findEvidence(survey: Survey, options: EvidenceOptions = {}): Promise<Evidence> {
  const search = await startSearch(survey, options)
  const found = await findSnapshots(search)
  const tables = rankTables(search, found)
  const unclaimed = await unclaimedL2s(search, found.known, found.shapes)
  const snapshots = await judgeSnapshots(search, {
    known: found.known,
    tables,
    rebuilt: new Map(),
    unexplained: unclaimed.length > 0,
  })
  return {
    snapshots,
    tables,
    entryRepairs: [],
    orphanL2s: [],
    lostWindows: [],
    refcountBlocks: [],
    truncated: search.truncated(),
  }
}
