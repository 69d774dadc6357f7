import {
  BITMAP_ENTRY_HEADER,
  BITMAP_FLAG,
  type BitmapEntry,
  type BitmapsExtension,
  bitmapEntryLengths,
  decodeBitmapEntry,
} from '../../format/index.ts'
import { IGNORE_BITMAPS } from '../findings-list.ts'
import type { Bitmap, OwnedRange } from '../image.ts'
import type { OpenContext } from '../open-context.ts'
import { readRange } from '../read-range.ts'
import { entryFault } from './bitmap-rules.ts'
import { DirectoryFaults } from './directory-faults.ts'
import { usable } from './extension.ts'
import { isPin } from './pins.ts'
import { readBitmapTable, type TableBudget } from './read-table.ts'

export interface Bitmaps {
  readonly bitmaps: readonly Bitmap[]
  readonly owned: readonly OwnedRange[]
}

const NONE: Bitmaps = { bitmaps: [], owned: [] }
/** Entries that can't be, beyond which the directory is something else. */
const MOST_FAULTS = 100

/** The bitmaps of an image, and the clusters that they own. QEMU reads them last, and refuses the image for a fault. */
export async function readBitmaps(
  context: OpenContext,
  extension: BitmapsExtension,
  virtualSize: number,
): Promise<Bitmaps> {
  if (!usable(context, extension)) return NONE
  const faults = new DirectoryFaults(context, extension)
  if (faults.place()) return NONE
  const offset = Number(extension.directoryOffset)
  const size = Number(extension.directorySize)
  const { bytes, error } = await readRange(context.source, offset, size)
  if (error !== undefined) {
    context.findings.add('read-error', { offset, length: size }, { why: error })
    return NONE
  }
  // What lies beyond the end of the file reads as zeros, as in QEMU.
  const directory = new Uint8Array(size)
  directory.set(bytes)
  const owned: OwnedRange[] = [{ kind: 'bitmap-directory', offset, length: size }]
  const bitmaps: Bitmap[] = []
  const budget: TableBudget = { bytes: context.fileSize, told: false }
  const names = new Set<string>()
  let bad = 0
  for (let at = 0, index = 0; at < size; index++) {
    const rest = directory.subarray(at)
    const lengths = rest.length < BITMAP_ENTRY_HEADER ? undefined : bitmapEntryLengths(rest)
    if (lengths === undefined || index >= extension.count || at + lengths.total > size || bad > MOST_FAULTS) {
      faults.entry(index, lengths !== undefined)
      return { bitmaps, owned }
    }
    const entry = decodeBitmapEntry(rest.subarray(0, lengths.total))
    const name = new TextDecoder().decode(entry.name)
    const place = { offset: offset + at, length: lengths.total }
    const sound = checkEntry(context, entry, { index, name, place, virtualSize })
    if (!sound) bad++
    const pin = isPin(entry, name)
    const ranges = await readBitmapTable(context, entry, { name, virtualSize, budget, sound, pin })
    if (pin) reportPinned(context, place, name, ranges)
    for (const range of ranges) if (range.kind !== 'pinned' || !context.withoutPins) owned.push(range)
    if (names.has(name)) {
      const fields = { index, bitmap: name, why: 'another has its name' }
      context.findings.add('bitmap-entry', place, fields, { repair: IGNORE_BITMAPS })
      context.blockers.add('bitmap-entry', `Bitmap already exists: ${name}`)
    }
    names.add(name)
    bitmaps.push(bitmapOf(entry, name))
    at += lengths.total
  }
  faults.end(bitmaps.length)
  return { bitmaps, owned }
}

interface EntryPlace {
  readonly index: number
  readonly name: string
  readonly place: { readonly offset: number; readonly length: number }
  readonly virtualSize: number
}

/** @returns true if it can be */
function checkEntry(
  { geometry, findings, blockers }: OpenContext,
  entry: BitmapEntry,
  { index, name, place, virtualSize }: EntryPlace,
): boolean {
  const inUse = (entry.flags & BITMAP_FLAG.inUse) !== 0
  if (inUse && !isPin(entry, name)) findings.add('bitmap-in-use', place, { bitmap: name })
  const why = entryFault(entry, geometry.clusterSize, virtualSize)
  if (why === undefined) return true
  findings.add('bitmap-entry', place, { index, bitmap: name, why }, { repair: IGNORE_BITMAPS })
  blockers.add(
    'bitmap-entry',
    entry.extraData.length > 0
      ? 'Bitmap extra data is not supported'
      : `Bitmap '${name}' doesn't satisfy the constraints`,
  )
  return false
}

function reportPinned(
  { findings, geometry }: OpenContext,
  place: EntryPlace['place'],
  bitmap: string,
  ranges: readonly OwnedRange[],
): void {
  // Ascending; what had several references is named as often.
  let [bytes, end] = [0, 0]
  for (const { kind, offset, length } of ranges) {
    if (kind !== 'pinned') continue
    bytes += Math.max(0, offset + length - Math.max(offset, end))
    end = Math.max(end, offset + length)
  }
  findings.add('clusters-pinned', place, { bitmap, clusters: bytes / geometry.clusterSize })
}

function bitmapOf(entry: BitmapEntry, name: string): Bitmap {
  return {
    name,
    granularity: 2 ** entry.granularityBits,
    inUse: (entry.flags & BITMAP_FLAG.inUse) !== 0,
    auto: (entry.flags & BITMAP_FLAG.auto) !== 0,
  }
}
