import type { Remedy } from '../findings/index.ts'
import type { Comparison } from './compare.ts'
import { ownerText } from './owner-text.ts'
import type { Owner } from './survey.ts'
import { ownersAmong } from './visit.ts'
import type { WalkContext } from './walk-context.ts'

const SPLIT: Remedy = { class: 'split-cross-link', safe: false, lossy: true }

/** Cross-linked clusters whose owners are looked up for their findings. */
const MOST_NAMED = 4096

interface Link {
  readonly first: number
  readonly a: Owner
  readonly b: Owner
  readonly owners: number
  count: number
}

/** Findings of clusters that two owners use, with both sides; neighbours with neighbouring owners are one. */
export async function reportCrossLinks(context: WalkContext, { crossLinked }: Comparison): Promise<void> {
  const named = crossLinked.slice(0, MOST_NAMED)
  const owners = await ownersAmong(context, new Set(named))
  let link: Link | undefined
  for (const cluster of named) {
    const all = owners.get(cluster) ?? []
    const [a, b] = all
    if (!a || !b) continue
    if (link && continues(context, link, cluster, a, b, all.length)) link.count++
    else {
      if (link) report(context, link)
      link = { first: cluster, a, b, owners: all.length, count: 1 }
    }
  }
  if (link) report(context, link)
  reportRest(context, crossLinked.slice(MOST_NAMED))
}

function continues(
  context: WalkContext,
  link: Link,
  cluster: number,
  a: Owner,
  b: Owner,
  owners: number,
): boolean {
  if (link.first + link.count !== cluster || link.owners !== owners) return false
  const by = link.count * context.image.geometry.clusterSize
  return follows(link.a, a, by) && follows(link.b, b, by)
}

/** Of guest data the next cluster; of everything else the same owner. */
function follows(before: Owner, after: Owner, by: number): boolean {
  if (before.kind !== after.kind) return false
  if ((before.kind === 'data' || before.kind === 'compressed') && before.kind === after.kind)
    return before.guest + by === after.guest && before.l2Offset === after.l2Offset
  return JSON.stringify(before) === JSON.stringify(after)
}

function report({ image, findings }: WalkContext, { first, a, b, owners, count }: Link): void {
  const { clusterSize, l2Coverage } = image.geometry
  const guests = [a, b].flatMap((owner) =>
    owner.kind === 'data' || owner.kind === 'compressed'
      ? [{ offset: owner.guest, length: count * clusterSize, snapshots: owner.snapshots }]
      : owner.kind === 'l2'
        ? [{ offset: owner.l1Index * l2Coverage, length: l2Coverage, snapshots: owner.snapshots }]
        : [],
  )
  const [guest] = guests
  const other = guests[1]
  const snapshot = guest && !guest.snapshots.includes(undefined) ? guest.snapshots[0] : undefined
  findings.add(
    'cross-link',
    first * clusterSize,
    count * clusterSize,
    {
      clusters: count,
      owners,
      first: ownerText(a),
      second: ownerText(b),
      firstKind: a.kind,
      secondKind: b.kind,
      ...(other && { otherGuest: other.offset }),
    },
    {
      ...(guest && { guest: { offset: guest.offset, length: guest.length } }),
      snapshot,
      repair: SPLIT,
    },
  )
}

/** Too many to name the owners of: runs of clusters. */
function reportRest({ image, findings }: WalkContext, clusters: readonly number[]): void {
  const { clusterSize } = image.geometry
  const fields = { first: 'something', second: 'something else', firstKind: 'unknown', secondKind: 'unknown' }
  let start = 0
  for (let at = 1; at <= clusters.length; at++) {
    if (at < clusters.length && clusters[at] === (clusters[at - 1] as number) + 1) continue
    const first = clusters[start] as number
    const count = at - start
    findings.add(
      'cross-link',
      first * clusterSize,
      count * clusterSize,
      { ...fields, clusters: count },
      { repair: SPLIT },
    )
    start = at
  }
}
