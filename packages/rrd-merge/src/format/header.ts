import { structOffsets } from './architecture.ts'
import { damaged } from './damaged.ts'
import { decodeDataSource } from './ds-def.ts'
import { RrdError } from './error.ts'
import { FieldReader } from './field-reader.ts'
import { recall, remember } from './known-structure.ts'
import { type FoundLayout, findLayout, tooShort } from './measure.ts'
import { decodeArchive, isTime, LATEST_TIME } from './rra-def.ts'
import type { Archive, RrdHeader } from './types.ts'

/** Decodes a header whose place and architecture are known; `bytes` hold at least all of it. */
export const decodeLaidOut = (bytes: Uint8Array, fileLength: number, found: FoundLayout): RrdHeader => {
  const { abi, version, dsCount, rraCount, layout } = found
  const reader = new FieldReader(bytes, abi)
  const stepAt = structOffsets(abi).counts + 2 * abi.long
  const step = reader.ulong(stepAt)
  if (step === 0 || step > LATEST_TIME) throw damaged(stepAt, `a step of ${step} seconds`)
  const lastUpdate = reader.time(layout.liveHead)
  if (!isTime(lastUpdate)) {
    throw damaged(layout.liveHead, `a last update ${lastUpdate} seconds after 1970`)
  }
  const archives: Archive[] = []
  let offset = layout.length
  for (let r = 0; r < rraCount; r++) {
    const archive = decodeArchive(reader, layout, r, step, offset)
    archives.push(archive)
    offset += archive.rowCount * dsCount * 8
  }
  if (offset > fileLength) throw tooShort(offset, fileLength, false, layout.rraDef)
  return {
    architecture: abi.architecture,
    version,
    step,
    lastUpdate,
    lastUpdateUsec: version < 3 ? 0 : reader.long(layout.liveHead + abi.time),
    dataSources: Array.from({ length: dsCount }, (_, d) => decodeDataSource(reader, layout, d)),
    archives,
    length: layout.length,
  }
}

/**
 * Decodes everything before the cells: versions 1 to 5, every architecture. Nothing is allocated by a count that
 * the file's length does not bear out. Bytes after the last cell are accepted, as rrdtool does.
 *
 * @param bytes the file, or at least its first `prefixNeeded` bytes (see `measureHeader`)
 * @param fileLength length of the whole file in bytes; by default that of `bytes`
 * @throws RrdError ENOTRRD, ETRUNC, EVERSION, EFOREIGN, ECORRUPT
 */
export const decodeHeader = (bytes: Uint8Array, fileLength: number = bytes.length): RrdHeader => {
  const like = recall(bytes, fileLength)
  if (like) return like
  const found = findLayout(bytes, fileLength)
  if (found.layout.length > bytes.length) {
    throw new RrdError(
      'EUSAGE',
      `the first ${found.prefixNeeded} bytes are needed, ${bytes.length} were given`,
    )
  }
  const header = decodeLaidOut(bytes, fileLength, found)
  remember(bytes, fileLength, found, header)
  return header
}
