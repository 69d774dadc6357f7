import type { Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, COPIED_HIGH, entryOffset } from '../format/index.ts'
import { activeDisk } from '../mapping/disk.ts'
import { readL2, windowsOf } from './disk-tables.ts'
import type { Draft } from './draft.ts'
import { FlagRuns } from './flag-runs.ts'
import { type L2Rules, l2Kind, l2RulesOf } from './l2-entry.ts'
import { readPadded } from './read-padded.ts'

/**
 * COPIED flags of the active disk: set if and only if the refcount is 1. They are taken away before anything else that
 * can do harm, and set when all is done.
 *
 * @param survey of the overlay with its final structure
 * @param stored the final refcount of a cluster
 */
export async function planCopied(
  draft: Draft,
  survey: Survey,
  stored: (cluster: number) => number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { image } = survey
  const rules = l2RulesOf(image)
  // Flags follow from refcounts, which wait; and what an entry in the wrong place names may be guest data.
  if (draft.awaitsRelink) return false
  const { clusterSize, l2EntrySize } = image.geometry
  const buffer = new Uint8Array(clusterSize)
  let changed = false
  const wanted = (offset: number) => stored(offset / clusterSize) === 1
  const done = new Set<number>()
  // A table that is also something else is not to be written to: it may be guest data.
  const shared = new Set(survey.crossLinked)
  const mayWrite = (offset: number, length: number) => {
    for (let at = offset; at < offset + length; at += clusterSize)
      if (shared.has(Math.floor(at / clusterSize))) return false
    return true
  }
  const { offset, entries: l1Entries } = image.activeL1
  const l1 = new FlagRuns(await readPadded(draft.overlay, offset, l1Entries * 8))
  for await (const { entries } of windowsOf(image, [activeDisk(image)])) {
    signal?.throwIfAborted()
    for (const { l2, high, at } of entries) {
      if (l2 === 0) continue
      const copied = wanted(l2)
      if (((high & COPIED_HIGH) !== 0) !== copied) l1.add(at - offset, copied)
      if (done.has(l2) || !mayWrite(l2, clusterSize)) continue
      done.add(l2)
      const view = await readL2(image, l2, buffer)
      const flags = mendTable(view, l2EntrySize, rules, wanted)
      if (flags === undefined) continue
      changed = (await actOn(draft, flags, { offset: l2, name: 'an L2 table' })) || changed
    }
  }
  if (l1.isEmpty || !mayWrite(offset, l1Entries * 8)) return changed
  return (await actOn(draft, l1, { offset, name: 'the L1 table' })) || changed
}

/**
 * Sets the flags of an L2 table as they should be, in memory only.
 *
 * @returns undefined if nothing is wrong with them, or if more entries are bad than good: something else was written over
 *   the table
 */
function mendTable(
  view: DataView,
  entrySize: number,
  rules: L2Rules,
  wanted: (offset: number) => boolean,
): FlagRuns | undefined {
  const flags = new FlagRuns(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  let bad = 0
  let used = 0
  for (let at = 0; at < view.byteLength; at += entrySize) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    if (high === 0 && low === 0) continue
    used++
    const kind = l2Kind(high, low, rules)
    if (kind === 'bad') bad++
    const copied = (high & COPIED_HIGH) !== 0
    if ((high & COMPRESSED_HIGH) !== 0) {
      if (copied) flags.add(at, false)
      continue
    }
    if (kind !== 'data') continue
    const should = rules.externalData || wanted(entryOffset(high, low))
    if (copied !== should) flags.add(at, should)
  }
  return flags.isEmpty || bad * 2 > used ? undefined : flags
}

interface Table {
  /** Bytes from the beginning of the file. */
  readonly offset: number
  readonly name: string
}

async function actOn(draft: Draft, flags: FlagRuns, { offset, name }: Table): Promise<boolean> {
  let changed = false
  for (const copied of [false, true]) {
    const edits = flags.edits(copied, offset)
    const first = edits[0]
    if (first === undefined) continue
    const count = copied ? flags.set : flags.cleared
    const verb = copied ? 'is set in' : 'is taken from'
    const entries = `${count} ${count === 1 ? 'entry' : 'entries'}`
    const spec = {
      class: 'fix-copied' as const,
      code: 'copied-flag' as const,
      offset: first.offset,
      why: `the COPIED flag ${verb} ${entries} of ${name} at ${offset}, as ${count === 1 ? 'its refcount says' : 'their refcounts say'}`,
    }
    changed = (await draft.act(spec, edits)) || changed
  }
  return changed
}
