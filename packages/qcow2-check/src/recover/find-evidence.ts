import type { Survey } from '../check/survey.ts'
import type { Evidence } from './evidence.ts'
import { type EvidenceOptions, type Search, searchTools, startSearch } from './search.ts'
import type { CarvedTable } from './snapshots/carve-tables.ts'
import { readCurrentTable, surveyBelievable } from './snapshots/current-table.ts'
import { findSnapshots } from './snapshots/find-snapshots.ts'
import { judgeSnapshots } from './snapshots/judge.ts'
import { scanShapes } from './snapshots/shape-scan.ts'
import { rankTables } from './snapshots/tables.ts'
import { withoutDecoys } from './tables/decoys.ts'
import { disksOf, findBadEntries } from './tables/disks.ts'
import { findInFlight } from './tables/in-flight.ts'
import { findLostWindows } from './tables/lost-windows.ts'
import { relinkL2s } from './tables/relink.ts'
import { repairL2Entries } from './tables/repair-l2-entries.ts'
import { unclaimedL2s } from './tables/unclaimed.ts'
import { unlinkClusters } from './tables/unlink.ts'

/** QEMU counts clusters in an int, and so does the survey: of more it knows nothing. */
const MOST_CLUSTERS = 2 ** 31 - 1
const NOTHING: Evidence = {
  snapshots: [],
  tables: [],
  entryRepairs: [],
  orphanL2s: [],
  lostWindows: [],
  truncated: true,
}

/**
 * Searches the file for what its tables don't lead to any more. Reads only clusters that nobody references (and, where
 * refcounts speak, that have one), the tables they lead to, and those of the snapshots.
 *
 * @throws the signal's reason; damage and what can't be read make less evidence, never an error
 */
export async function findEvidence(survey: Survey, options: EvidenceOptions = {}): Promise<Evidence> {
  if (survey.clusters > MOST_CLUSTERS) return NOTHING
  const tools = searchTools(survey, options)
  const believed = await surveyBelievable(survey, options, (sound) =>
    readCurrentTable(sound, tools.reader, tools.rules),
  )
  const search = await startSearch(believed.survey, tools)
  const found = await findSnapshots(search, believed.current)
  const tableClusters = clustersOfTables(search, found.tables)
  const disks = disksOf(search, found.known)
  const { holes: bad, leaked } = search.refcounts
    ? await findBadEntries(search, disks)
    : { holes: [], leaked: [] }
  const hidden = await scanShapes(
    leaked.map((offset) => ({ first: offset / search.references.clusterSize, count: 1 })),
    { ...search, l1Entries: 1 },
  )
  const shapes = [...found.shapes, ...hidden]
  const inFlight = bad.length === 0 ? await findInFlight(search, disks, tableClusters) : undefined
  const candidates = search.refcounts ? await unclaimedL2s(search, found.known, shapes, bad) : []
  const unclaimed = await withoutDecoys(search, candidates, tableClusters)
  const relinked = await relinkL2s(search, disks, bad, unclaimed, tableClusters)
  const entries = search.refcounts
    ? [
        ...(await repairL2Entries(search, disks, tableClusters)),
        ...(await unlinkClusters(search, tableClusters)),
      ]
    : []
  const lostWindows = search.refcounts ? await findLostWindows(search, disks, tableClusters) : []
  const tables = rankTables(search, found)
  const snapshots = await judgeSnapshots(search, {
    known: found.known,
    tables,
    rebuilt: relinked.rebuilt,
    unplaced: relinked.unplaced,
    complete: relinked.complete,
  })
  return {
    snapshots,
    tables,
    entryRepairs: [...relinked.entries, ...entries],
    orphanL2s: relinked.unplaced.map(({ offset, standing, l1Index }) => ({
      offset,
      mapped: standing.contents.mapped,
      leaked: 1 + standing.fewer,
      windows: l1Index === undefined ? [] : [l1Index],
      proof: {
        kind: standing.exact === 0 && standing.more === 0 ? 'refcounts' : 'shape',
        clusters: 1 + standing.fewer,
      },
      certain: standing.exact === 0 && standing.more === 0,
    })),
    lostWindows,
    ...(inFlight && { inFlight }),
    truncated: search.truncated(),
  }
}

/** Clusters of snapshot tables, old and new: they are leaked as soon as the header names another. */
function clustersOfTables({ references }: Search, tables: readonly CarvedTable[]): Set<number> {
  const clusters = new Set<number>()
  for (const { offset, length } of tables) {
    const last = Math.floor((offset + length - 1) / references.clusterSize)
    for (let cluster = Math.floor(offset / references.clusterSize); cluster <= last; cluster++)
      clusters.add(cluster)
  }
  return clusters
}
