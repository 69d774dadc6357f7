import { type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import type { ScanResult } from '../scan/index.ts'
import { countsDocument, qemuDocument } from './documents.ts'

/** What `scan --json` and `--ndjson` say of one image. */
export function scanDocument({
  path,
  verdict,
  size,
  error,
  image,
  milliseconds,
  remembered,
}: ScanResult): JsonDocument {
  return {
    filename: fileNameText(path),
    ...jsonPath(path),
    verdict,
    size,
    ...(image && {
      ...countsDocument(image.counts),
      'virtual-size': image.virtualSize,
      'cluster-size': image.clusterSize,
      qemu: qemuDocument(image.blockers),
      dirty: image.dirty,
      corruptBit: image.corruptBit,
      snapshots: image.snapshots,
      codes: image.codes,
      advisory: image.inUse !== undefined,
      ...(image.inUse !== undefined && { inUse: image.inUse }),
    }),
    ...(error && { error }),
    ms: milliseconds,
    remembered,
  }
}
