import type { Survey } from '../check/survey.ts'
import type { Image } from '../image/image.ts'
import type { Evidence, SnapshotEvidence } from '../recover/index.ts'

/** Clusters of the L1 tables of snapshots that are not listed, and are whole. */
export function l1Clusters({ image }: Survey, evidence: Evidence | undefined): Set<number> {
  return clustersOf(image, unlisted(evidence), ({ l1 }) => ({ offset: l1.offset, length: l1.entries * 8 }))
}

/** Where the file has names and dates of those of them that say something: one of an empty disk is lost without. */
export function namesOfOrphans(
  { image }: Survey,
  evidence: Evidence | undefined,
  copies: ReadonlySet<number>,
): Set<number> {
  const { clusterSize } = image.geometry
  const own = unlisted(evidence).filter(({ l1 }) => !copies.has(l1.offset / clusterSize))
  return clustersOf(image, own, ({ entry }) => entry)
}

function unlisted(evidence: Evidence | undefined): readonly SnapshotEvidence[] {
  return (evidence?.snapshots ?? []).filter(({ listed, certain }) => !listed && certain)
}

function clustersOf(
  { geometry }: Image,
  snapshots: readonly SnapshotEvidence[],
  rangeOf: (snapshot: SnapshotEvidence) => { readonly offset: number; readonly length: number } | undefined,
): Set<number> {
  const { clusterSize } = geometry
  const clusters = new Set<number>()
  for (const snapshot of snapshots) {
    const { offset, length } = rangeOf(snapshot) ?? { offset: 0, length: 0 }
    const end = Math.ceil((offset + length) / clusterSize)
    for (let cluster = Math.floor(offset / clusterSize); cluster < end; cluster++) clusters.add(cluster)
  }
  return clusters
}
