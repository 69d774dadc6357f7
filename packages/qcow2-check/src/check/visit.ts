import { reftableOffset } from '../format/index.ts'
import { USE_CONFLICT, USE_MASK } from './counters/cell.ts'
import { FindingCollector } from './finding-collector.ts'
import { MetadataReader, TooMuchWork } from './metadata-reader.ts'
import { pinnedOf, structuresOf } from './structures.ts'
import type { Owner, Use } from './survey.ts'
import { TableVisitor } from './visit-tables.ts'
import { type WindowTable, windowsOf } from './visit-windows.ts'
import type { WalkContext } from './walk-context.ts'

/** Owners that are told of one cluster: a hostile image can name one millions of times. */
const MOST_OWNERS = 64

export async function visitUses(
  context: WalkContext,
  visitor: (use: Use) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { image, roots, store } = context
  const { clusterSize } = image.geometry
  const fileClusters = Math.ceil(image.fileSize / clusterSize)
  const reader = new MetadataReader(image.source, new FindingCollector(0), signal)
  const tell = (use: Use) => {
    if (use.first < fileClusters) visitor(use)
  }
  const range = (offset: number, length: number, owner: Owner) => {
    const first = Math.floor(offset / clusterSize)
    tell({ first, count: Math.ceil((offset + length) / clusterSize) - first, owner })
  }
  for (const { offset, length, owner } of structuresOf(image)) range(offset, length, owner)
  for (const { offset, entries, owners } of roots)
    for (const snapshot of owners.slice(0, MOST_OWNERS))
      range(offset, entries * 8, { kind: 'l1', ...(snapshot !== undefined && { snapshot }) })
  try {
    for await (const block of refcountBlocks(context, reader))
      range(block, clusterSize, { kind: 'refcount-block' })
    const tables = new TableVisitor(context, reader, tell)
    // Of a table that several L1 entries point to, what it references is told once.
    const seen = new Set<number>()
    for await (const window of windowsOf(context, reader)) {
      const followed: WindowTable[] = []
      for (const table of window) {
        const { offset, l1Index, snapshots } = table
        range(offset, clusterSize, { kind: 'l2', l1Index, snapshots })
        const cluster = offset / clusterSize
        if (!Number.isInteger(cluster) || cluster >= fileClusters || seen.has(cluster)) continue
        if (context.cut || (store.cells.flags(cluster) & USE_MASK) === USE_CONFLICT) seen.add(cluster)
        followed.push(table)
      }
      if (followed.length > 0) await tables.visit(followed)
    }
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
  }
  // Last: where a cluster has other owners, those are the ones to be named.
  for (const { offset, length, owner } of pinnedOf(image)) range(offset, length, owner)
}

async function* refcountBlocks({ image }: WalkContext, reader: MetadataReader): AsyncGenerator<number> {
  const { offset, length } = image.refcountTable
  const bytes = new Uint8Array(Math.min(65_536, length))
  const view = new DataView(bytes.buffer)
  for (let from = 0; from < length; from += bytes.length) {
    const part = bytes.subarray(0, Math.min(bytes.length, length - from))
    const pending = reader.fill(part, offset + from)
    if (typeof pending !== 'boolean') await pending
    for (let at = 0; at < part.length; at += 8) {
      const block = reftableOffset(view.getUint32(at), view.getUint32(at + 4))
      if (block !== 0 && block < image.fileSize) yield block
    }
  }
}

/** Owners of some clusters, at most 64 of each. */
export async function ownersAmong(
  context: WalkContext,
  clusters: ReadonlySet<number>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, readonly Owner[]>> {
  const wanted = Float64Array.from(clusters).sort()
  const owners = new Map<number, Owner[]>()
  if (wanted.length === 0) return owners
  const { clusterSize } = context.image.geometry
  const visitor = ({ first, count, owner }: Use) => {
    for (let at = lowerBound(wanted, first); at < wanted.length; at++) {
      const cluster = wanted[at] as number
      if (cluster >= first + count) break
      const known = owners.get(cluster) ?? []
      if (known.length === 0) owners.set(cluster, known)
      if (known.length >= MOST_OWNERS) continue
      const further =
        owner.kind === 'data' ? { ...owner, guest: owner.guest + (cluster - first) * clusterSize } : owner
      if (owner.kind !== 'compressed' || !isTold(known, owner)) known.push(further)
    }
  }
  await visitUses(context, visitor, signal)
  return owners
}

/** The same compressed cluster in the table of another snapshot. */
function isTold(known: Owner[], owner: Owner & { readonly kind: 'data' | 'compressed' }): boolean {
  const at = known.findIndex((other) => other.kind === 'compressed' && other.guest === owner.guest)
  const other = known[at]
  if (other?.kind !== 'compressed') return false
  known[at] = { ...other, snapshots: [...other.snapshots, ...owner.snapshots] }
  return true
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
