import type { Survey } from '../check/survey.ts'
import type { ConsentClass, FindingCode, GuestRange } from '../findings/index.ts'
import {
  COMPRESSED_HIGH,
  entryOffset,
  OFFSET_HIGH,
  subclusterBitmap,
  subclustersValid,
} from '../format/index.ts'
import type { Evidence } from '../recover/index.ts'
import { disksOf, readL2, windowsOf } from './disk-tables.ts'
import type { Draft, Edit } from './draft.ts'
import { joinRanges } from './join-ranges.ts'
import { type L2Rules, l2Kind, l2RulesOf } from './l2-entry.ts'

/** Of an L2 table with more bad entries than good ones no entry can be believed. */
const RUBBISH_SHARE = 1 / 2

interface EntryEdit {
  readonly class: ConsentClass
  readonly code: FindingCode
  readonly edit: Edit
  readonly guest: GuestRange
}

/** Entries that can't be: their reserved bits are cleared where what they point to fits, or they read as zeros from now on. */
export async function planEntries(draft: Draft, survey: Survey, _evidence: Evidence): Promise<boolean> {
  const { image } = survey
  const { geometry } = image
  const rules = l2RulesOf(image)
  const ids = disksOf(image).map(({ snapshot }) => snapshot?.id)
  const done = new Set<number>()
  let changed = false
  if (!hasBadEntries(survey)) return false
  // A table that is also something else is not to be written to: it may be guest data.
  const shared = new Set(survey.crossLinked)
  const mayWrite = (offset: number) => !shared.has(Math.floor(offset / geometry.clusterSize))
  for await (const { index, entries } of windowsOf(image)) {
    const guest = { offset: index * geometry.l2Coverage, length: geometry.l2Coverage }
    for (const { disk, high, low, at, l2 } of entries) {
      const snapshots = entries
        .filter((other) => other.at === at || (l2 !== 0 && other.l2 === l2))
        .map((one) => ids[one.disk])
      if (l2 === 0) {
        const edit = badL1(survey, high, low, at, guest)
        // What a data file holds has no refcounts that would tell of a window of zeros where it was.
        const hides = image.backingFile !== undefined || image.features.externalData
        if ((high !== 0 || low !== 0) && mayWrite(at) && !(hides && edit.class === 'zero-cluster'))
          changed = (await actOn(draft, [edit], [ids[disk]])) || changed
        continue
      }
      if (done.has(l2) || !mayWrite(l2)) continue
      done.add(l2)
      const view = await readL2(image, l2)
      const bad = badEntries(survey, view, rules, l2, index)
      if (bad.edits.length === 0) continue
      const window = { class: 'zero-cluster', code: bad.edits[0]?.code ?? 'lost-l2', guest } as const
      // Without its table the window would show the backing file, not zeros: no one asked for that.
      if (bad.rubbish && image.backingFile !== undefined) continue
      const edits = bad.rubbish
        ? entries
            .filter((one) => one.l2 === l2 && mayWrite(one.at))
            .map((one) => ({ ...window, edit: zeroL1(one.at) }))
        : bad.edits
      changed = (await actOn(draft, edits, snapshots)) || changed
    }
  }
  return changed
}

const BAD: readonly FindingCode[] = [
  'l1-entry-reserved',
  'l1-entry-unaligned',
  'l1-entry-beyond-end',
  'l2-entry-reserved',
  'l2-entry-unaligned',
  'l2-entry-beyond-end',
  'l2-subclusters',
]

function hasBadEntries({ findings }: Survey): boolean {
  return findings.some(({ code }) => BAD.includes(code))
}

async function actOn(
  draft: Draft,
  edits: readonly EntryEdit[],
  snapshots: readonly (string | undefined)[],
): Promise<boolean> {
  let changed = false
  for (const name of ['clear-reserved', 'zero-cluster'] as const)
    for (const code of BAD) {
      const own = edits.filter((one) => one.class === name && one.code === code)
      const first = own[0]
      if (first === undefined) continue
      const entries = `${own.length} ${own.length === 1 ? 'entry' : 'entries'}`
      const why =
        name === 'clear-reserved'
          ? `bits that can't be are cleared in ${entries}; what they point to belongs to nobody else`
          : `${entries} that can't be: the guest reads zeros there from now on`
      const spec = {
        class: name,
        code,
        offset: first.edit.offset,
        why,
        lossy: name === 'zero-cluster',
        guest: joinRanges(own.map(({ guest }) => guest)),
        disks: snapshots,
      }
      changed =
        (await draft.act(
          spec,
          own.map(({ edit }) => edit),
        )) || changed
    }
  return changed
}

function badL1(survey: Survey, high: number, low: number, at: number, guest: GuestRange): EntryEdit {
  const { clusterSize } = survey.image.geometry
  const offset = entryOffset(high, low)
  const aligned = offset % clusterSize === 0
  const inFile = offset < survey.image.fileSize
  if (offset !== 0 && aligned && inFile && alone(survey, offset / clusterSize))
    return { class: 'clear-reserved', code: 'l1-entry-reserved', edit: offsetEdit(at, high, low), guest }
  const code = !aligned ? 'l1-entry-unaligned' : inFile ? 'l1-entry-reserved' : 'l1-entry-beyond-end'
  return { class: 'zero-cluster', code, edit: zeroL1(at), guest }
}

function zeroL1(at: number): Edit {
  return { offset: at, bytes: new Uint8Array(8), phase: 'link' }
}

/** Only the entry itself uses the cluster, and its refcount knows of that. */
function alone({ stored, referenced }: Survey, cluster: number): boolean {
  return stored(cluster) >= 1 && referenced(cluster) <= stored(cluster)
}

function badEntries(
  survey: Survey,
  view: DataView,
  rules: L2Rules,
  l2: number,
  index: number,
): { readonly edits: readonly EntryEdit[]; readonly rubbish: boolean } {
  const { geometry } = survey.image
  const edits: EntryEdit[] = []
  let used = 0
  for (let at = 0; at < geometry.clusterSize; at += geometry.l2EntrySize) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    const bitmap = rules.extendedL2
      ? subclusterBitmap(view.getUint32(at + 8), view.getUint32(at + 12))
      : { allocated: 0, zero: 0 }
    if (high === 0 && low === 0 && bitmap.allocated === 0) continue
    used++
    const offset = index * geometry.l2Coverage + (at / geometry.l2EntrySize) * geometry.clusterSize
    const guest = { offset, length: geometry.clusterSize }
    const edit = badEntry(survey, { high, low, bitmap, at: l2 + at }, rules)
    if (edit) edits.push({ ...edit, guest })
  }
  return { edits, rubbish: edits.length > 8 && edits.length > used * RUBBISH_SHARE }
}

function badEntry(
  survey: Survey,
  entry: {
    readonly high: number
    readonly low: number
    readonly bitmap: ReturnType<typeof subclusterBitmap>
    readonly at: number
  },
  rules: L2Rules,
): Omit<EntryEdit, 'guest'> | undefined {
  const { high, low, bitmap, at } = entry
  const kind = l2Kind(high, low, rules)
  const zero = (code: FindingCode) => ({
    class: 'zero-cluster' as const,
    code,
    edit: zeroL2(at, survey, rules),
  })
  if (kind !== 'bad') {
    const state = kind === 'data' ? 'allocated' : kind === 'empty' ? 'unallocated' : 'compressed'
    if (!rules.extendedL2 || subclustersValid(bitmap, state)) return undefined
    const own = kind === 'data' && alone(survey, entryOffset(high, low) / rules.clusterSize)
    return own ? keepCluster(bitmap, at) : zero('l2-subclusters')
  }
  if ((high & COMPRESSED_HIGH) !== 0)
    return zero(rules.externalData ? 'l2-entry-reserved' : 'l2-entry-beyond-end')
  const offset = entryOffset(high, low)
  if (offset % rules.clusterSize !== 0) return zero('l2-entry-unaligned')
  if (!rules.externalData && offset >= rules.fileSize) return zero('l2-entry-beyond-end')
  const fits = rules.externalData || (offset > 0 && alone(survey, offset / rules.clusterSize))
  if (!fits) return zero('l2-entry-reserved')
  return { class: 'clear-reserved', code: 'l2-entry-reserved', edit: offsetEdit(at, high, low) }
}

/**
 * Subclusters that are both allocated and zero: the others stay as they are. If none was ever set to zeros alone, the
 * data that are there count; else the guest reads zeros in their place, and the cluster stays its own.
 */
function keepCluster({ allocated, zero }: ReturnType<typeof subclusterBitmap>, at: number) {
  const both = (allocated & zero) >>> 0
  const dataCount = (zero & ~both) === 0
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, dataCount ? 0 : zero)
  view.setUint32(4, dataCount ? allocated : (allocated & ~both) >>> 0)
  return {
    class: dataCount ? ('clear-reserved' as const) : ('zero-cluster' as const),
    code: 'l2-subclusters' as const,
    edit: { offset: at + 8, bytes, phase: 'link' as const },
  }
}

/** Nothing but the offset; COPIED is set last of all. */
function offsetEdit(at: number, high: number, low: number): Edit {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, high & OFFSET_HIGH)
  view.setUint32(4, (low & 0xffff_fe00) >>> 0)
  return { offset: at, bytes, phase: 'link' }
}

/** Zeros, also over a backing file where the format can say so (not in version 2). */
function zeroL2(at: number, { image }: Survey, rules: L2Rules): Edit {
  const bytes = new Uint8Array(image.geometry.l2EntrySize)
  const backed = image.backingFile !== undefined
  if (rules.extendedL2) bytes.fill(backed ? 0xff : 0, 8, 12)
  else if (backed && rules.version >= 3) bytes[7] = 1
  return { offset: at, bytes, phase: 'link' }
}
