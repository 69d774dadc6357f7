import {
  BITMAP_ENTRY_HEADER,
  BITMAP_FLAG,
  type BitmapEntry,
  type BitmapsExtension,
  bitmapEntryLengths,
  decodeBitmapEntry,
  LIMITS,
} from '../../format/index.ts'
import { IGNORE_BITMAPS } from '../findings-list.ts'
import type { Bitmap, OwnedRange } from '../image.ts'
import type { OpenContext } from '../open-context.ts'
import { readRange } from '../read-range.ts'
import { beyondReach } from '../table-rules.ts'
import { entryFault } from './bitmap-rules.ts'
import { usable } from './extension.ts'
import { readBitmapTable, type TableBudget } from './read-table.ts'

export interface Bitmaps {
  readonly bitmaps: readonly Bitmap[]
  readonly owned: readonly OwnedRange[]
}

/** The bitmaps of an image, and the clusters that they own. QEMU reads them last, and refuses the image for a fault. */
export async function readBitmaps(
  context: OpenContext,
  extension: BitmapsExtension | undefined,
  virtualSize: number,
): Promise<Bitmaps> {
  if (extension === undefined || !usable(context, extension)) return { bitmaps: [], owned: [] }
  const { geometry, fileSize, findings } = context
  const offset = Number(extension.directoryOffset)
  const size = Number(extension.directorySize)
  const range = { offset: Math.min(offset, fileSize), length: size }
  const directoryFault = (why: string, message: string) => {
    findings.add('bitmap-directory', range, { why }, { repair: IGNORE_BITMAPS })
    context.blockers.add('bitmap-directory', message)
  }
  if (size === 0) {
    directoryFault('it has no bytes', 'Requested bitmap directory size is zero')
    return { bitmaps: [], owned: [] }
  }
  if (beyondReach(extension.directoryOffset, size)) {
    directoryFault(
      'it lies beyond the end of the file',
      'Failed to read bitmap directory: Input/output error',
    )
    return { bitmaps: [], owned: [] }
  }
  const owned: OwnedRange[] = [{ kind: 'bitmap-directory', offset, length: size }]
  const bitmaps: Bitmap[] = []
  const directory = await readDirectory(context, offset, size)
  const budget: TableBudget = { bytes: fileSize }
  const names = new Set<string>()
  let at = 0
  for (let index = 0; at < size; index++) {
    const bytes = directory.subarray(at)
    const lengths = bytes.length < BITMAP_ENTRY_HEADER ? undefined : bitmapEntryLengths(bytes)
    if (lengths === undefined || at + lengths.total > size || index >= extension.count) {
      if (lengths !== undefined && index >= extension.count)
        directoryFault(
          `more than the ${extension.count} bitmaps that the header counts`,
          'More bitmaps found than specified in header extension',
        )
      else directoryFault(`entry ${index} does not fit`, 'Broken bitmap directory')
      return { bitmaps, owned }
    }
    const entry = decodeBitmapEntry(bytes.subarray(0, lengths.total))
    const name = new TextDecoder().decode(entry.name)
    const place = { offset: offset + at, length: lengths.total }
    const fault = entryFault(entry, geometry.clusterSize, virtualSize)
    if (fault !== undefined) {
      findings.add('bitmap-entry', place, { index, bitmap: name, why: fault }, { repair: IGNORE_BITMAPS })
      context.blockers.add(
        'bitmap-entry',
        entry.extraData.length > 0
          ? 'Bitmap extra data is not supported'
          : `Bitmap '${name}' doesn't satisfy the constraints`,
      )
    }
    noteUse(context, entry, name, place)
    const bitmap = { name, virtualSize, budget, sound: fault === undefined }
    for (const range of await readBitmapTable(context, entry, bitmap)) owned.push(range)
    if (names.has(name)) {
      findings.add(
        'bitmap-entry',
        place,
        { index, bitmap: name, why: 'another has its name' },
        { repair: IGNORE_BITMAPS },
      )
      context.blockers.add('bitmap-entry', `Bitmap already exists: ${name}`)
    }
    names.add(name)
    bitmaps.push(bitmapOf(entry, name))
    at += lengths.total
  }
  if (bitmaps.length < extension.count)
    directoryFault(
      `${bitmaps.length} bitmaps, the header counts ${extension.count}`,
      'Less bitmaps found than specified in header extension',
    )
  return { bitmaps, owned }
}

/** What lies beyond the end of the file reads as zeros, as in QEMU. */
async function readDirectory({ source, fileSize, findings }: OpenContext, offset: number, size: number) {
  const directory = new Uint8Array(Math.min(size, LIMITS.bitmapDirectory))
  if (offset >= fileSize) return directory
  const { bytes, error } = await readRange(source, offset, size)
  if (error !== undefined) findings.add('read-error', { offset, length: size }, { why: error })
  directory.set(bytes)
  return directory
}

function noteUse(
  { findings }: OpenContext,
  { flags }: BitmapEntry,
  name: string,
  place: { readonly offset: number; readonly length: number },
): void {
  if ((flags & BITMAP_FLAG.inUse) !== 0) findings.add('bitmap-in-use', place, { bitmap: name })
}

function bitmapOf(entry: BitmapEntry, name: string): Bitmap {
  return {
    name,
    granularity: 2 ** entry.granularityBits,
    inUse: (entry.flags & BITMAP_FLAG.inUse) !== 0,
    auto: (entry.flags & BITMAP_FLAG.auto) !== 0,
  }
}
