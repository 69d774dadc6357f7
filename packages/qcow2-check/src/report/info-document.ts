import { type JsonDocument, jsonInteger } from '@nightshift/tooling/command-line'
import type { Survey } from '../check/survey.ts'
import type { Evidence, SnapshotEvidence } from '../recover/index.ts'
import { qemuDocument, snapshotDocuments } from './documents.ts'

/** What `info --json` says of an image, but its path. */
export function infoDocument({ image, verdict }: Survey, evidence: Evidence | undefined): JsonDocument {
  const { header, geometry, features, virtualSize, fileSize, backingFile, bitmaps, luks } = image
  return {
    format: 'qcow2',
    version: header.version,
    virtualSize,
    fileSize,
    clusterSize: geometry.clusterSize,
    refcountBits: 2 ** geometry.refcountOrder,
    features,
    dirty: (header.incompatibleFeatures & 1n) !== 0n,
    corrupt: (header.incompatibleFeatures & 2n) !== 0n,
    l1: { offset: image.activeL1.offset, entries: image.activeL1.entries },
    refcountTable: image.refcountTable,
    backingFile: backingFile ? { name: backingFile.name, format: backingFile.format ?? null } : null,
    dataFileName: image.dataFileName ?? null,
    encryption: luks
      ? { cipher: `${luks.cipherName}-${luks.cipherMode}`, hash: luks.hash, keySlots: activeSlots(luks) }
      : null,
    verdict,
    qemu: qemuDocument(image.blockers),
    snapshotCount: header.snapshotCount,
    snapshots: snapshotDocuments(image),
    found: (evidence?.snapshots ?? []).filter(({ orphan }) => orphan !== undefined).map(foundDocument),
    bitmaps,
  }
}

export function activeSlots({ slots }: NonNullable<Survey['image']['luks']>): number {
  return slots.filter(({ state }) => state === 'active').length
}

/** A snapshot that the table doesn't list, found elsewhere in the file. */
function foundDocument({ orphan, entry, l1, diskSize, proof, certain }: SnapshotEvidence): JsonDocument {
  return {
    orphan: `orphan:${orphan}`,
    id: entry?.id ?? null,
    name: entry?.name ?? null,
    date: entry?.date ?? null,
    diskSize,
    vmStateSize: jsonInteger(entry?.vmStateSize ?? 0),
    l1: { offset: l1.offset, entries: l1.entries },
    proof: proof.kind,
    certain,
  }
}
