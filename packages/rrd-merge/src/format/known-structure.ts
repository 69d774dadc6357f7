import { decodeRunning } from './ds-def.ts'
import { FieldReader } from './field-reader.ts'
import type { FoundLayout } from './measure.ts'
import { isTime } from './rra-def.ts'
import type { Archive, RrdHeader } from './types.ts'

/**
 * Files of a tree are made from few templates: up to live_head their bytes are the same, and decoding those anew was a
 * quarter of the work on a small pair besides its cells (measured, 500 pairs).
 */
interface Structure {
  /** Everything before live_head. */
  readonly bytes: Buffer
  readonly fileLength: number
  readonly found: FoundLayout
  readonly header: RrdHeader
}

/** pnp4nagios has one for each number of data sources. */
const MOST = 12

/** Bytes; a structure beyond them is too large to be kept for the sake of another file. */
const LARGEST = 2 ** 16

/** The one used last comes first. */
const known: Structure[] = []
const structures = new WeakMap<RrdHeader, Structure>()

/** Remembers a header that was decoded in full. */
export const remember = (
  bytes: Uint8Array,
  fileLength: number,
  found: FoundLayout,
  header: RrdHeader,
): void => {
  const { liveHead } = found.layout
  // Of 32 bits it isn't the structure alone that tells the size of time_t.
  if (found.abi.long !== 8 || liveHead > LARGEST) return
  const structure = { bytes: Buffer.from(bytes.subarray(0, liveHead)), fileLength, found, header }
  structures.set(header, structure)
  known.unshift(structure)
  if (known.length > MOST) known.pop()
}

/**
 * The header of a file whose structure is known, with what is its own read from `bytes`; undefined where it isn't
 * known, or something in it can't be: then it is for the full decoding to say what.
 */
export const recall = (bytes: Uint8Array, fileLength: number): RrdHeader | undefined => {
  const index = known.findIndex((structure) => isLike(structure, bytes, fileLength))
  if (index < 0) return undefined
  const structure = known[index] as Structure
  const header = decodeRest(structure, bytes)
  if (!header) return undefined
  structures.set(header, structure)
  if (index > 0) known.unshift(...known.splice(index, 1))
  return header
}

/** The same value for headers of the same structure; undefined where nothing is known of it. */
export const structureOf = (header: RrdHeader): object | undefined => structures.get(header)

const isLike = (
  { bytes: own, fileLength: length, found }: Structure,
  bytes: Uint8Array,
  fileLength: number,
): boolean =>
  length === fileLength && bytes.length >= found.layout.length && own.compare(bytes, 0, own.length) === 0

/** live_head, pdp_prep, rra_ptr. */
const decodeRest = ({ found, header }: Structure, bytes: Uint8Array): RrdHeader | undefined => {
  const { abi, version, layout } = found
  const reader = new FieldReader(bytes, abi)
  const lastUpdate = reader.time(layout.liveHead)
  if (!isTime(lastUpdate)) return undefined
  const archives: Archive[] = []
  for (const [r, archive] of header.archives.entries()) {
    const currentRow = reader.ulong(layout.rraPtr + r * abi.long)
    if (currentRow >= archive.rowCount) return undefined
    archives.push(currentRow === archive.currentRow ? archive : { ...archive, currentRow })
  }
  return {
    ...header,
    lastUpdate,
    lastUpdateUsec: version < 3 ? 0 : reader.long(layout.liveHead + abi.time),
    dataSources: header.dataSources.map((source, d) => ({ ...source, ...decodeRunning(reader, layout, d) })),
    archives,
  }
}
