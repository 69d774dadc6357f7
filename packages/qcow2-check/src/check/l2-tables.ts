import { USE_CONFLICT, USE_MASK } from './counters/cell.ts'
import { type L2References, REF_ACTIVE } from './l2-references.ts'
import type { WalkContext } from './walk-context.ts'

/** An L2 table to be walked once, for all that point to it. */
export interface L2Table {
  readonly cluster: number
  readonly l1Index: number
  readonly weight: number
  /** L1 entries of the active disk that point to it. */
  readonly active: number
  readonly snapshot: string | undefined
}

export interface WalkPlan {
  /** Tables that are alone in their window, in the order of the file. */
  readonly alone: Iterable<L2Table>
  /** Windows with several tables. */
  readonly windows: Iterable<readonly L2Table[]>
  readonly tables: number
}

/** A table that L1 entries of several indexes point to is walked where it was met first. */
interface Merged {
  readonly first: number
  weight: number
  active: number
}

export function planWalk({ store, roots }: WalkContext, references: L2References): WalkPlan {
  const merged = new Map<number, Merged>()
  let others = 0
  for (let at = 0; at < references.count; at++) {
    const cluster = references.cluster[at] as number
    if ((store.cells.flags(cluster) & USE_MASK) !== USE_CONFLICT) continue
    const known = merged.get(cluster) ?? { first: at, weight: 0, active: 0 }
    known.weight += references.weight[at] as number
    known.active += (references.flags[at] as number) & REF_ACTIVE
    merged.set(cluster, known)
    if (known.first !== at) others++
  }
  const isFirst = (at: number) =>
    merged.size === 0 || (merged.get(references.cluster[at] as number)?.first ?? at) === at
  const tableOf = (at: number): L2Table => {
    const cluster = references.cluster[at] as number
    const root = roots[references.root[at] as number]
    const active = (references.flags[at] as number) & REF_ACTIVE
    return {
      cluster,
      l1Index: references.l1Index[at] as number,
      weight: references.weight[at] as number,
      active,
      ...merged.get(cluster),
      snapshot: active ? undefined : root?.owners[0],
    }
  }
  const windowOf = (index: number): number[] => {
    const window: number[] = []
    for (let at = references.head(index); at >= 0; at = references.next[at] as number)
      if (isFirst(at)) window.push(at)
    return window
  }
  const heads = new Uint32Array(references.count)
  let alone = 0
  const windows: number[] = []
  for (let index = 0; index < references.indexes; index++) {
    const head = references.head(index)
    if (head < 0) continue
    if (references.next[head] === -1) {
      if (isFirst(head)) heads[alone++] = head
      continue
    }
    const window = windowOf(index)
    if (window.length === 1) heads[alone++] = window[0] as number
    else if (window.length > 1) windows.push(index)
  }
  return {
    alone: each(sortByCluster(heads.subarray(0, alone), references, store.clusters), tableOf),
    windows: each(windows, (index) => windowOf(index).map(tableOf)),
    tables: references.count - others,
  }
}

/** @param heads references, which come out in the order in which their tables lie in the file */
function sortByCluster(heads: Uint32Array, { cluster, count }: L2References, clusters: number): Uint32Array {
  const scale = 2 ** Math.ceil(Math.log2(count + 1))
  // Beyond 2^53 a cluster and a reference are no exact number together.
  if (clusters * scale > Number.MAX_SAFE_INTEGER)
    return heads.sort((a, b) => (cluster[a] as number) - (cluster[b] as number))
  const keys = Float64Array.from(heads, (head) => (cluster[head] as number) * scale + head).sort()
  for (let at = 0; at < keys.length; at++) heads[at] = (keys[at] as number) % scale
  return heads
}

function* each<T>(keys: Iterable<number>, make: (key: number) => T): Generator<T> {
  for (const key of keys) yield make(key)
}
