import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'

/** Damage that may hide a reference: what it should have pointed to is counted as leaked, or once too often. */
const HIDING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'header-lost',
  'header-magic',
  'header-version',
  'header-short',
  'header-length',
  'header-cluster-bits',
  'header-virtual-size',
  'header-l1-size',
  'header-l1-offset',
  'header-crypt-method',
  'header-unknown-feature',
  'header-extension',
  'snapshots-offset',
  'snapshots-count',
  'snapshot-table-overwritten',
  'snapshot-entry',
  'snapshot-phantom',
  'snapshot-extra-data',
  'snapshot-l1-offset',
  'snapshot-l1-size',
  'snapshot-l1-lost',
  'l1-entry-reserved',
  'l1-entry-unaligned',
  'l1-entry-beyond-end',
  'l2-entry-reserved',
  'l2-entry-unaligned',
  'l2-entry-beyond-end',
  'cross-link',
  'bitmap-directory',
  'bitmap-entry',
  'bitmap-table',
  'crypto-header',
  'truncated',
  'read-error',
  'too-much-work',
  'image-too-large',
])

/** Of these, the ones in the mapping itself: leaked data are what they have lost, even once they are patched. */
const MAPPING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'header-l1-size',
  'header-l1-offset',
  'l1-entry-reserved',
  'l1-entry-unaligned',
  'l1-entry-beyond-end',
  'l2-entry-reserved',
  'l2-entry-unaligned',
  'l2-entry-beyond-end',
  'cross-link',
])

export function hidesReferences(survey: Survey): boolean {
  // An image that QEMU can't open for another reason than its bits may be understood in a wrong way altogether.
  if (survey.image.blockers.some(({ readable }) => !readable)) return true
  return survey.crossLinked.length > 0 || survey.findings.some(({ code }) => HIDING.has(code))
}

export function mappingIsDamaged(survey: Survey): boolean {
  const { crossLinked, findings } = survey
  return (
    crossLinked.some((cluster) => !isSnapshotTable(survey, cluster)) ||
    findings.some(({ code }) => MAPPING.has(code))
  )
}

/** What was written over a snapshot table is what the mapping says: only the table is lost. */
function isSnapshotTable({ image, findings }: Survey, cluster: number): boolean {
  if (!findings.some(({ code }) => code === 'snapshot-table-overwritten')) return false
  const first = Number(image.header.snapshotsOffset) / image.geometry.clusterSize
  const count = Math.max(1, Math.ceil(image.snapshots.length / image.geometry.clusterSize))
  return cluster >= first && cluster < first + count
}
