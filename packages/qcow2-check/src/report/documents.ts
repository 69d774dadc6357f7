import { type JsonDocument, jsonInteger } from '@nightshift/tooling/command-line'
import type { CheckCounts, Survey } from '../check/survey.ts'
import type { Finding } from '../findings/index.ts'
import { findingText } from '../findings/text.ts'
import type { Blocker, Image } from '../image/image.ts'
import { gravestFirst } from './finding-lines.ts'

/** The keys of QEMU's ImageCheck (qapi/block-core.json), all of them, also those that it leaves out when they are 0. */
export function countsDocument(counts: CheckCounts, fixed = { corruptions: 0, leaks: 0 }): JsonDocument {
  return {
    'check-errors': counts.checkErrors,
    corruptions: counts.corruptions,
    leaks: counts.leaks,
    'corruptions-fixed': fixed.corruptions,
    'leaks-fixed': fixed.leaks,
    'total-clusters': counts.totalClusters,
    'allocated-clusters': counts.allocatedClusters,
    'fragmented-clusters': counts.fragmentedClusters,
    'compressed-clusters': counts.compressedClusters,
    'image-end-offset': counts.imageEndOffset,
  }
}

export function findingDocument(finding: Finding): JsonDocument {
  const { code, severity, offset, length, guest, snapshot, repair, fields } = finding
  return {
    code,
    severity,
    offset,
    length,
    ...(guest && { guest }),
    ...(snapshot !== undefined && { snapshot }),
    repair,
    message: findingText(finding),
    fields,
  }
}

export function snapshotDocuments({ snapshots }: Image): JsonDocument[] {
  return snapshots.entries.map(
    ({ id, name, diskSize, vmStateSize, date, dateNanoseconds, vmClock, sound }) => ({
      id,
      name,
      diskSize: jsonInteger(diskSize),
      vmStateSize: jsonInteger(vmStateSize),
      date,
      dateNanoseconds,
      vmClock: jsonInteger(vmClock),
      sound,
    }),
  )
}

/** Would a virtual machine start on it? `blockedBy` says what QEMU would complain of. */
export function qemuDocument(blockers: readonly Blocker[]): JsonDocument {
  return {
    opens: blockers.length === 0,
    opensReadOnly: blockers.every(({ readable }) => readable),
    blockedBy: blockers.map(({ code, message }) => ({ code, message })),
  }
}

export interface CheckDocumentOptions {
  /** Findings to be listed, the gravest; all that were kept by default. */
  readonly limit?: number | undefined
  /** The image is in use: what is said of it is a hint. */
  readonly advisory?: boolean
  readonly fixed?: { readonly corruptions: number; readonly leaks: number }
}

/** What `check --json` says of one image, but its path. */
export function checkDocument(survey: Survey, options: CheckDocumentOptions = {}): JsonDocument {
  const { image, counts, verdict, findings } = survey
  const { limit = findings.length, advisory = false, fixed } = options
  const listed = limit < findings.length ? gravestFirst(findings).slice(0, limit) : findings
  return {
    format: 'qcow2',
    ...countsDocument(counts, fixed),
    verdict,
    advisory,
    qemu: qemuDocument(image.blockers),
    snapshots: snapshotDocuments(image),
    findings: listed.map(findingDocument),
    findingsOmitted: findings.length - listed.length + survey.findingsOmitted,
  }
}
