import type { Remedy } from '../findings/index.ts'
import { Explained } from './explained.ts'
import type { L2References } from './l2-references.ts'
import { REF_ACTIVE } from './l2-references.ts'
import type { L2Table } from './l2-tables.ts'
import { findLostTables, type LostTable } from './lost-tables.ts'
import type { ClusterRange } from './survey.ts'
import type { WalkContext } from './walk-context.ts'
import type { L1Health } from './walk-l1.ts'

const NONE: Remedy = { class: 'none', safe: false, lossy: false }
const RELINK: Remedy = { class: 'relink', safe: false, lossy: false }
const ADOPT: Remedy = { class: 'adopt-snapshot', safe: false, lossy: false }
const DROP: Remedy = { class: 'drop-snapshot', safe: false, lossy: true }

/** What the walk noticed that leaks may be due to. */
export interface Suspects {
  readonly references: L2References
  /** L2 tables that hold nothing, and those that hold mostly rubbish. */
  readonly empty: readonly L2Table[]
  readonly garbled: readonly L2Table[]
  /** By root. */
  readonly health: readonly L1Health[]
}

/** Refcounts against references, as the comparison left them. */
export interface Refcounts {
  readonly leaked: readonly ClusterRange[]
  readonly stored: (cluster: number) => number
  readonly referenced: (cluster: number) => number
}

/**
 * Looks for the tables that leaked clusters belong to. To free them, as `qemu-img check -r leaks` does, would destroy
 * data whose way back may be in the file.
 */
export async function explainLeaks(
  context: WalkContext,
  suspects: Suspects,
  refcounts: Refcounts,
): Promise<Explained> {
  const { leaked, stored, referenced } = refcounts
  const explained = new Explained()
  const isLost = (cluster: number) => stored(cluster) > referenced(cluster)
  const tables = leaked.length > 0 ? await findLostTables(context, leaked, suspects.references, isLost) : []
  const byCluster = new Map(tables.map((table) => [table.cluster, table]))
  const claim = (table: LostTable) => {
    explained.clusters.add(table.cluster)
    for (const target of table.targets) if (isLost(target)) explained.clusters.add(target)
  }
  for (const table of tables.filter(({ kind }) => kind === 'l1')) {
    claim(table)
    for (const target of table.targets) {
      const l2 = byCluster.get(target)
      if (l2?.kind === 'l2') claim(l2)
    }
    reportOrphan(context, table)
  }
  const named = new Set(tables.filter(({ kind }) => kind === 'l1').flatMap(({ targets }) => [...targets]))
  for (const table of tables) {
    if (table.kind !== 'l2' || named.has(table.cluster)) continue
    claim(table)
    const clusters = 1 + table.targets.filter(isLost).length
    reportLost(context, { first: table.cluster, count: 1 }, clusters, 'orphan-table')
  }
  explainRest(context, suspects, leaked, explained)
  explainSnapshots(context, suspects, refcounts, tables)
  return explained
}

function reportOrphan({ image, findings }: WalkContext, { cluster, targets }: LostTable): void {
  const { clusterSize } = image.geometry
  findings.add(
    'snapshot-orphan',
    cluster * clusterSize,
    clusterSize,
    { entries: targets.length },
    { repair: ADOPT },
  )
}

function reportLost(
  { image, findings }: WalkContext,
  { first, count }: ClusterRange,
  clusters: number,
  cause: 'orphan-table' | 'empty-table' | 'garbled-table' | 'l1-entry' | 'number',
  table?: L2Table,
): void {
  const { clusterSize, l2Coverage } = image.geometry
  findings.add(
    'lost-l2',
    first * clusterSize,
    count * clusterSize,
    { clusters, windowBytes: l2Coverage, cause, ...(table && { table: table.cluster * clusterSize }) },
    {
      ...(table && {
        guest: { offset: table.l1Index * l2Coverage, length: l2Coverage },
        snapshot: table.snapshot,
      }),
      repair: cause === 'orphan-table' ? RELINK : NONE,
    },
  )
}

/** Leaks that no table in the file explains: was one overwritten? */
function explainRest(
  context: WalkContext,
  { empty, garbled, health }: Suspects,
  leaked: readonly ClusterRange[],
  explained: Explained,
): void {
  const { l2Entries } = context.image.geometry
  let rest = 0
  let first: ClusterRange | undefined
  let last = 0
  for (const range of leaked) {
    for (let cluster = range.first; cluster < range.first + range.count; cluster++) {
      if (explained.clusters.size > 0 && explained.clusters.has(cluster)) continue
      rest++
      first ??= { first: cluster, count: 1 }
      last = cluster
    }
  }
  if (first === undefined || rest < 2) return
  const bad = health.reduce((sum, one) => sum + one.bad, 0)
  const tables = garbled.length > 0 ? garbled : empty
  const windows = tables.length + bad
  // One cluster more: the L2 table itself may be among the leaks.
  const fits = rest <= Math.max(1, windows) * (l2Entries + 1)
  if (!fits || (windows === 0 && rest < l2Entries / 4)) return
  const cause =
    garbled.length > 0 ? 'garbled-table' : bad > 0 ? 'l1-entry' : empty.length > 0 ? 'empty-table' : 'number'
  explained.all = true
  const range = { first: first.first, count: last - first.first + 1 }
  reportLost(context, range, rest, cause, windows === 1 ? tables[0] : undefined)
}

/** A snapshot whose L1 table is zeros or rubbish is lost if clusters still have its references in their refcounts. */
function explainSnapshots(
  { image, roots, findings }: WalkContext,
  { references, health }: Suspects,
  refcounts: Refcounts,
  tables: readonly LostTable[],
): void {
  const held = holdsMore(references, refcounts, tables)
  // There can be 65536, and as many L1 tables of zeros.
  const places = new Map<string | undefined, number>()
  for (const { id, entryOffset } of image.snapshots.entries) if (!places.has(id)) places.set(id, entryOffset)
  for (const [number, root] of roots.entries()) {
    const { used, bad } = health[number] ?? { used: 0, bad: 0 }
    if (root.active || !((used === 0 && held) || (bad > 0 && bad * 2 >= used))) continue
    const why = used === 0 ? 'it holds nothing but zeros' : `${bad} of its ${used} entries can't be`
    for (const snapshot of root.owners) {
      const fields = { why, entry: places.get(snapshot) ?? 0 }
      findings.add('snapshot-l1-lost', root.offset, root.entries * 8, fields, { snapshot, repair: DROP })
    }
  }
}

/**
 * Are there references of a snapshot that no L1 table has? An orphan L1 table accounts for its own: it may be that of a
 * snapshot that is being taken. A leaked table with COPIED flags is the active disk's: QEMU writes a new table before
 * the L1 entry that names it.
 */
function holdsMore(
  references: L2References,
  { stored, referenced }: Refcounts,
  tables: readonly LostTable[],
): boolean {
  const orphans = new Map<number, number>()
  for (const { kind, targets } of tables)
    if (kind === 'l1') for (const target of targets) orphans.set(target, (orphans.get(target) ?? 0) + 1)
  const isHeld = (cluster: number) => stored(cluster) > referenced(cluster) + (orphans.get(cluster) ?? 0)
  if (tables.some(({ kind, copied, cluster }) => kind === 'l2' && !copied && isHeld(cluster))) return true
  let active = 0
  let high = 0
  for (let at = 0; at < references.count && active < 4096; at++) {
    if (((references.flags[at] as number) & REF_ACTIVE) === 0) continue
    active++
    if (isHeld(references.cluster[at] as number)) high++
  }
  return high > 0 && high * 2 >= active
}
