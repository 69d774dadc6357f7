import type { Survey } from '../check/survey.ts'
import { COMPRESSED_HIGH, COPIED_HIGH, entryOffset } from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { activeDisk } from '../mapping/disk.ts'
import { readL2, windowsOf } from './disk-tables.ts'
import type { Draft, Edit } from './draft.ts'
import { type L2Rules, l2Kind, l2RulesOf } from './l2-entry.ts'

/** Unchanged bytes between two changed entries that are written along. */
const JOINED = 64

interface Flags {
  /** Edits that take the flag away, and those that set it. */
  readonly clear: Edit[]
  readonly set: Edit[]
}

/**
 * COPIED flags of the active disk: set if and only if the refcount is 1. They are taken away before anything else that
 * can do harm, and set when all is done.
 *
 * @param survey of the overlay with its final refcounts
 */
export async function planCopied(draft: Draft, survey: Survey, signal?: AbortSignal): Promise<boolean> {
  const { image } = survey
  const rules = l2RulesOf(image)
  const { clusterSize, l2EntrySize } = image.geometry
  const buffer = new Uint8Array(clusterSize)
  let changed = false
  const l1: Flags = { clear: [], set: [] }
  const wanted = (offset: number) => survey.stored(offset / clusterSize) === 1
  const done = new Set<number>()
  // A table that is also something else is not to be written to: it may be guest data.
  const shared = new Set(survey.crossLinked)
  const mayWrite = (offset: number, length: number) => {
    for (let at = offset; at < offset + length; at += clusterSize)
      if (shared.has(Math.floor(at / clusterSize))) return false
    return true
  }
  for await (const { entries } of windowsOf(image, [activeDisk(image)])) {
    signal?.throwIfAborted()
    for (const { l2, high, low, at } of entries) {
      if (l2 === 0) continue
      const copied = wanted(l2)
      if (((high & COPIED_HIGH) !== 0) !== copied)
        (copied ? l1.set : l1.clear).push(flagEdit(at, high, low, copied))
      if (done.has(l2) || !mayWrite(l2, clusterSize)) continue
      done.add(l2)
      const flags: Flags = { clear: [], set: [] }
      const view = await readL2(image, l2, buffer)
      for (let entry = 0; entry < clusterSize; entry += l2EntrySize) {
        const upper = view.getUint32(entry)
        const lower = view.getUint32(entry + 4)
        if (upper === 0 && lower === 0) continue
        if ((upper & COMPRESSED_HIGH) !== 0) {
          if ((upper & COPIED_HIGH) !== 0) flags.clear.push(flagEdit(l2 + entry, upper, lower, false))
          continue
        }
        const offset = entryOffset(upper, lower)
        if (l2Kind(upper, lower, rules) !== 'data') continue
        const should = rules.externalData || wanted(offset)
        if (((upper & COPIED_HIGH) !== 0) !== should)
          (should ? flags.set : flags.clear).push(flagEdit(l2 + entry, upper, lower, should))
      }
      if (isRubbish(view, image, rules)) continue
      changed = (await actOn(draft, flags, l2, 'an L2 table', view)) || changed
    }
  }
  const { offset, entries } = image.activeL1
  if (!mayWrite(offset, entries * 8)) return changed
  return (await actOn(draft, l1, offset, 'the L1 table')) || changed
}

/** More bad entries than good ones: something else was written over the table. */
function isRubbish(view: DataView, { geometry }: Image, rules: L2Rules): boolean {
  let bad = 0
  let used = 0
  for (let at = 0; at < geometry.clusterSize; at += geometry.l2EntrySize) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    if (high === 0 && low === 0) continue
    used++
    if (l2Kind(high, low, rules) === 'bad') bad++
  }
  return bad * 2 > used
}

async function actOn(
  draft: Draft,
  { clear, set }: Flags,
  offset: number,
  where: string,
  view?: DataView,
): Promise<boolean> {
  let changed = false
  for (const edits of [clear, set]) {
    const first = edits[0]
    if (first === undefined) continue
    const verb = edits === clear ? 'is taken from' : 'is set in'
    const entries = `${edits.length} ${edits.length === 1 ? 'entry' : 'entries'}`
    const spec = {
      class: 'fix-copied' as const,
      code: 'copied-flag' as const,
      offset: first.offset,
      why: `the COPIED flag ${verb} ${entries} of ${where} at ${offset}, as their refcounts say`,
    }
    const both = clear.length > 0 && set.length > 0
    changed = (await draft.act(spec, view && !both ? joinEdits(edits, offset, view) : edits)) || changed
  }
  return changed
}

function flagEdit(offset: number, high: number, low: number, copied: boolean): Edit {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, (copied ? high | COPIED_HIGH : high & ~COPIED_HIGH) >>> 0)
  view.setUint32(4, low)
  return { offset, bytes, phase: copied ? 'lower' : 'raise' }
}

/** Neighbouring entries become one edit; in between stands what stands in the table. */
function joinEdits(edits: readonly Edit[], tableOffset: number, table: DataView): readonly Edit[] {
  const joined: Edit[] = []
  let run: Edit[] = []
  const close = () => {
    const first = run[0]
    const last = run.at(-1)
    if (first === undefined || last === undefined) return
    const bytes = new Uint8Array(last.offset + 8 - first.offset)
    bytes.set(new Uint8Array(table.buffer, table.byteOffset + first.offset - tableOffset, bytes.length))
    for (const { offset, bytes: entry } of run) bytes.set(entry, offset - first.offset)
    joined.push({ offset: first.offset, bytes, phase: first.phase })
    run = []
  }
  for (const edit of edits) {
    const last = run.at(-1)
    if (last !== undefined && edit.offset - last.offset > 8 + JOINED) close()
    run.push(edit)
  }
  close()
  return joined
}
