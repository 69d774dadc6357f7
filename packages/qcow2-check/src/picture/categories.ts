import type { Owner } from '../check/index.ts'

/** What a cluster is shown as. */
export const CATEGORIES = [
  ['active', 'data of the active disk'],
  ['shared', 'data that snapshots share'],
  ['snapshot', 'data of snapshots alone'],
  ['compressed', 'compressed data'],
  ['table', 'header, L1, L2 and snapshot tables'],
  ['refcount', 'refcounts'],
  ['other', 'bitmaps, encryption header'],
  ['pinned', 'pinned: nothing maps it, and a repair has kept it'],
  ['leaked', 'leaked: a refcount, and nothing that uses it'],
  ['free', 'free'],
] as const

export type Category = (typeof CATEGORIES)[number][0]

/** How an owner's clusters are shown. */
export function categoryOf(owner: Owner): Category {
  switch (owner.kind) {
    case 'data': {
      const active = owner.snapshots.includes(undefined)
      if (!active) return 'snapshot'
      return owner.snapshots.length > 1 ? 'shared' : 'active'
    }
    case 'compressed':
      return 'compressed'
    case 'refcount-table':
    case 'refcount-block':
      return 'refcount'
    case 'header':
    case 'l1':
    case 'l2':
    case 'snapshot-table':
      return 'table'
    case 'pinned':
      return 'pinned'
    default:
      return 'other'
  }
}
