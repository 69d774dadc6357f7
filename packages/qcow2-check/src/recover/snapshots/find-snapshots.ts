import { inBytes, rangesWhere, searchedRange } from '../reading/candidate-ranges.ts'
import { type Search, suspectRanges } from '../search.ts'
import { isRubbish } from '../tables/disks.ts'
import { type CarvedTable, carveTables } from './carve-tables.ts'
import { type CurrentTable, placesOfCurrentTable } from './current-table.ts'
import { type KnownL1, KnownL1s } from './known-l1s.ts'
import { addShaped, chooseLive } from './live-l1s.ts'
import { findOrphanL1s, l1Indexes, l1Shaped } from './orphan-l1s.ts'
import { addDamaged, pairEntries } from './pair-entries.ts'
import { type ShapedCluster, scanShapes } from './shape-scan.ts'

export interface FoundSnapshots {
  readonly known: readonly KnownL1[]
  readonly tables: readonly CarvedTable[]
  /** Leaked clusters that can be tables, or are empty; without those that have the shape of L1 tables. */
  readonly shapes: readonly ShapedCluster[]
}

/** Finds the L1 tables of snapshots, by name and by shape, and which of them live. */
export async function findSnapshots(search: Search, current: CurrentTable): Promise<FoundSnapshots> {
  const { survey, rules, budget, reader, scanner, active } = search
  const { image } = survey
  const sizes = [active.entries, ...image.snapshots.entries.map(({ l1 }) => l1.entries)].filter((n) => n > 0)
  const shapes = await scanShapes(suspectRanges(search), {
    reader: scanner,
    budget,
    rules,
    l1Entries: Math.max(1, Math.min(...sizes, rules.geometry.clusterSize / 8)),
  })
  const lost = !image.snapshots.complete || shapes.some(({ samples }) => samples !== undefined)
  const tables = await carveTables([...placesOfTables(search, lost)], scanner, budget, rules)
  const known = new KnownL1s(reader, budget, rules)
  await known.addNamed(image, tables)
  await addDamaged(search, known, current.damaged)
  await chooseLive(search, known.all)
  const living = known.all.filter(({ live }) => live)
  const taken = new Set(living.flatMap((l1) => [...search.references.clustersOf(l1)]))
  const free = shapes.filter(({ offset }) => !taken.has(offset / rules.geometry.clusterSize))
  const named = living.map(({ entries }) => entries)
  const l1IndexOf = l1Indexes([active, ...living])
  await withoutRubbish(search, l1IndexOf, free)
  const orphans = await findOrphanL1s(free, {
    survey,
    reader,
    rules,
    l1IndexOf,
    sizes: [...sizes, ...named],
  })
  const shaped: KnownL1[] = []
  for (const { offset, anchored } of orphans) {
    const l1 = await known.addOrphan(offset, anchored, active.entries || Math.max(1, ...named))
    if (l1 && !l1.live && l1.read.used > 0) shaped.push(l1)
  }
  await addShaped(search, shaped, known.all)
  await pairEntries(search, known.all, current.damaged)
  const tops = new Set(l1Shaped(free, l1IndexOf).map(({ offset }) => offset))
  return { known: known.all, tables, shapes: shapes.filter(({ offset }) => !tops.has(offset)) }
}

/** What a wrong entry leads to is no L2 table, and what leads there too is no L1 table. */
async function withoutRubbish(
  { references }: Search,
  l1IndexOf: Map<number, number>,
  shapes: readonly ShapedCluster[],
): Promise<void> {
  const named = shapes.flatMap(({ samples = [] }) => samples.map(({ offset }) => offset))
  const known = named.filter((offset) => l1IndexOf.has(offset))
  const standings = await references.standings(known)
  for (const offset of known) if (isRubbish(standings.get(offset))) l1IndexOf.delete(offset)
}

/** Where the header says it is, what is leaked, and, only where snapshots are lost, what is free and no hole. */
function* placesOfTables(search: Search, lost: boolean) {
  const { survey, rules, scanner } = search
  const { clusterSize } = rules.geometry
  yield* inBytes(placesOfCurrentTable(survey, rules), clusterSize)
  yield* inBytes(survey.leaked, clusterSize)
  if (!lost) return
  const isFree = (cluster: number) => survey.referenced(cluster) === 0 && survey.stored(cluster) === 0
  // Of a file that claims to be huge nearly all are holes: its clusters are not to be asked for one by one.
  for (const { offset, length, hole } of scanner.byHoles([searchedRange(survey)])) {
    const whole = { first: offset / clusterSize, count: length / clusterSize }
    if (!hole) yield* inBytes(rangesWhere([whole], isFree), clusterSize)
  }
}
