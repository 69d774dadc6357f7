import type { Owner } from './survey.ts'

const hex = (value: number): string => `0x${value.toString(16)}`

/** An owner of a cluster in a few words, for the text of a cross-link. */
export function ownerText(owner: Owner): string {
  switch (owner.kind) {
    case 'header':
      return 'the header'
    case 'refcount-table':
      return 'the refcount table'
    case 'refcount-block':
      return 'a refcount block'
    case 'snapshot-table':
      return 'the snapshot table'
    case 'crypto-header':
      return 'the encryption header'
    case 'bitmap-directory':
      return 'the bitmap directory'
    case 'bitmap-table':
    case 'bitmap-data':
      return `${owner.kind === 'bitmap-table' ? 'the table' : 'data'} of bitmap "${owner.bitmap ?? ''}"`
    case 'pinned':
      return `what "${owner.bitmap ?? ''}" keeps`
    case 'l1':
      return `the L1 table of ${diskText(owner.snapshot)}`
    case 'l2':
      return `the L2 table of L1 index ${owner.l1Index} (${disksText(owner.snapshots)})`
    case 'data':
    case 'compressed':
      return `${owner.kind === 'data' ? '' : 'compressed '}guest data at ${hex(owner.guest)} (${disksText(owner.snapshots)})`
  }
}

const diskText = (snapshot: string | undefined): string =>
  snapshot === undefined ? 'the active disk' : `snapshot ${snapshot}`

function disksText(snapshots: readonly (string | undefined)[]): string {
  const [first, ...others] = snapshots
  if (snapshots.length === 0) return 'no disk'
  return others.length === 0 ? diskText(first) : `${diskText(first)} and ${others.length} more`
}
