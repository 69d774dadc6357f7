import { type JsonDocument, jsonInteger } from '@nightshift/tooling/command-line'
import type { CheckCounts, Survey } from '../check/survey.ts'
import type { Finding } from '../findings/index.ts'
import { findingText } from '../findings/text.ts'
import type { Blocker, Image } from '../image/image.ts'

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

/** What `check --json` says of one image, but its path. */
export function checkDocument({ image, counts, verdict, findings }: Survey): JsonDocument {
  return {
    format: 'qcow2',
    ...countsDocument(counts),
    verdict,
    qemu: qemuDocument(image.blockers),
    snapshots: snapshotDocuments(image),
    findings: findings.map(findingDocument),
  }
}
