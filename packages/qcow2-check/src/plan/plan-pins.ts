import type { Survey } from '../check/survey.ts'
import type { FindingCode } from '../findings/index.ts'
import { BITMAP_FLAG, encodeBitmapEntry } from '../format/index.ts'
import { PIN_GRANULARITY_BITS, pinName, pinNumber } from '../image/index.ts'
import { directoryEdits, readDirectory, takeApart } from './bitmap-directory.ts'
import { ClusterSet } from './cluster-set.ts'
import type { Draft, Edit } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import { isNoDisks, type RepairStates } from './pin-cause.ts'
import { clustersToPin, mostEntriesOfOne } from './pin-layout.ts'

const DIRTY_TRACKING = 1
/** The directory can't be read, or QEMU takes no notice of it. */
const UNUSABLE: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'bitmap-directory',
  'bitmap-entry',
  'bitmap-table',
  'bitmaps-stale',
  'header-extension',
])

/** What became of refcounts: those that may be lowered to what is referenced now. */
export interface Pinned {
  readonly lower: ClusterSet
  /** Clusters of the old directory. */
  readonly replaced: ClusterSet
}

/**
 * Leaked clusters are made the clusters of a bitmap that is in use: QEMU counts them and never loads it, so that no check
 * and no opening of a dirty image frees what may be somebody's data. Nothing that is there is overwritten; `qemu-img
 * bitmap --remove` takes it back.
 *
 * @returns undefined if nothing was planned
 */
export async function planPins(
  draft: Draft,
  states: RepairStates,
  space: FreeSpace,
  signal?: AbortSignal,
): Promise<Pinned | undefined> {
  const survey = states.left
  const { image } = survey
  const { clusterSize } = image.geometry
  if (draft.awaitsRelink || survey.counts.leaks === 0 || !mayHaveBitmaps(survey)) return undefined
  if (!draft.limits.allow.has('pin-leaks') && !(await isNoDisks(states, signal))) return undefined
  if (!draft.may('pin-leaks', causeOf(survey))) return undefined
  const toPin = clustersToPin(survey)
  if (toPin === undefined) return undefined
  const old = await readDirectory(draft, image)
  const most = mostEntriesOfOne(clusterSize)
  const tables: Edit[] = []
  const added: Uint8Array[] = []
  const names: string[] = []
  let number = Math.max(0, ...image.bitmaps.map(({ name }) => pinNumber(name) ?? 0))
  for (let from = 0; from < toPin.entries.length; from += most) {
    const entries = toPin.entries.subarray(from, from + most)
    const bytes = tableBytes(entries, clusterSize)
    const offset = await takeApart(space, bytes.length / clusterSize, image.geometry)
    if (offset === undefined) return undefined
    tables.push({ offset, bytes, phase: 'append' })
    names.push(pinName(++number))
    added.push(entryBytes(offset, entries.length, pinName(number)))
  }
  const directory = await directoryEdits(draft, image, [...old.entries, ...added], space)
  if (directory === undefined) return undefined
  const spec = {
    class: 'pin-leaks' as const,
    code: causeOf(survey),
    offset: (toPin.entries[0] as number) * clusterSize,
    why: whyOf(toPin.clusters, names),
  }
  if (!(await draft.act(spec, [...tables, ...directory]))) return undefined
  const lower = new ClusterSet()
  for (const one of toPin.excessive) lower.add(one)
  return { lower, replaced: old.clusters }
}

/** Version 2 has no bitmaps; and a directory that is broken, or out of date, has to go first (`drop-bitmaps`). */
function mayHaveBitmaps({ image, findings }: Survey): boolean {
  return (
    image.header.version >= 3 &&
    !findings.some(({ code }) => UNUSABLE.has(code)) &&
    !image.blockers.some(({ readable }) => !readable)
  )
}

function causeOf({ leaked }: Survey): FindingCode {
  return leaked.length > 0 ? 'leak' : 'refcount-high'
}

function whyOf(clusters: number, names: readonly string[]): string {
  const [first, last] = [names[0], names.at(-1)]
  const bitmaps = first === last ? `the bitmap ${first}` : `the bitmaps ${first} to ${last}`
  return (
    `${clusters} cluster${clusters === 1 ? '' : 's'} that nothing maps ${clusters === 1 ? 'is' : 'are'} kept by ${bitmaps}: ` +
    'nothing frees them before qemu-img bitmap --remove IMAGE NAME; until then QEMU refuses to resize the disk and to go back to a snapshot'
  )
}

function tableBytes(entries: Float64Array, clusterSize: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((entries.length * 8) / clusterSize) * clusterSize)
  const view = new DataView(bytes.buffer)
  for (const [at, cluster] of entries.entries()) {
    const offset = cluster * clusterSize
    view.setUint32(at * 8, Math.floor(offset / 2 ** 32))
    view.setUint32(at * 8 + 4, offset % 2 ** 32)
  }
  return bytes
}

function entryBytes(tableOffset: number, tableSize: number, name: string): Uint8Array {
  return encodeBitmapEntry({
    tableOffset: BigInt(tableOffset),
    tableSize,
    flags: BITMAP_FLAG.inUse,
    type: DIRTY_TRACKING,
    granularityBits: PIN_GRANULARITY_BITS,
    extraData: new Uint8Array(0),
    name: new TextEncoder().encode(name),
  })
}
