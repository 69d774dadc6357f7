import { LIMITS } from '../format/index.ts'
import type { Image } from '../image/image.ts'

/** An L1 table, with all who point to it. */
export interface L1Root {
  /** Bytes. */
  readonly offset: number
  readonly entries: number
  /** References to it: the active disk's and those of snapshots. */
  readonly weight: number
  readonly active: boolean
  /** Ids of its snapshots; undefined stands for the active disk. */
  readonly owners: readonly (string | undefined)[]
}

/** All L1 tables of an image, the active one first, equal ones once. */
export function l1Roots({ activeL1, snapshots }: Image): L1Root[] {
  const roots = new Map<string, { root: L1Root; owners: (string | undefined)[] }>()
  const add = (offset: number, entries: number, owner: string | undefined, active: boolean) => {
    if (entries === 0) return
    const key = `${offset} ${entries}`
    const known = roots.get(key)
    const owners = known?.owners ?? []
    owners.push(owner)
    const root = {
      offset,
      entries,
      weight: owners.length,
      active: active || known?.root.active === true,
      owners,
    }
    roots.set(key, { root, owners })
  }
  add(activeL1.offset, activeL1.entries, undefined, true)
  // QEMU follows none that is too large, and what is read of it would be somebody else's bytes.
  for (const { l1, id } of snapshots.entries)
    if (l1.claimedEntries <= LIMITS.l1Table / 8) add(l1.offset, l1.entries, id, false)
  return [...roots.values()].map(({ root }) => root)
}
