import { type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import type { RescuedDisk, RescueResult } from '../rescue/index.ts'

/** What `rescue --json` says, but of which image. */
export function rescueDocument(
  { format, disks, dropped, complete }: RescueResult,
  dryRun: boolean,
): JsonDocument {
  return { format, dryRun, complete, disks: disks.map(diskDocument), dropped }
}

function diskDocument({ kind, id, name, orphan, output, ...rest }: RescuedDisk): JsonDocument {
  const { path, pathBase64 } = jsonPath(output)
  return {
    kind,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(orphan !== undefined && { orphan: `orphan:${orphan}` }),
    output: path,
    ...(pathBase64 !== undefined && { outputBase64: pathBase64 }),
    ...rest,
  }
}
