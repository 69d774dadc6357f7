import { LogNotes } from '../notes/index.ts'
import { relationOf } from '../source/index.ts'
import { type GroupedTotals, GroupTable, groupedTotals, type LineCounts, noLines } from '../totals/index.ts'
import { PartialError, type PartialResult, type PartialSource } from './partial.ts'

export interface Merged {
  readonly keys: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly totals: GroupedTotals
  readonly notes: LogNotes
  /** The pieces that were counted, in an order that doesn't depend on that of the parts. */
  readonly counted: readonly PartialSource[]
  /** Pieces that another one holds too, so that they were left out. */
  readonly repeated: number
  /** Logs of which something is in no part. */
  readonly incomplete: readonly IncompleteLog[]
}

/** Bytes, decompressed. */
export interface IncompleteLog {
  readonly length: number
  /** So many of them are in no part. */
  readonly bytes: number
}

/**
 * Merges parts, in any order to the same result. A log counts once, whatever it was called when it was read: of two
 * readings of a log that grew the longer one counts. @throws PartialError
 */
export function mergePartials(parts: readonly PartialResult[]): Merged {
  const [{ keys, settings } = NOTHING] = parts
  for (const other of parts) {
    if (other.keys.join() !== keys.join()) throw new PartialError('other-keys', `${keys} and ${other.keys}`)
    const names = new Set([...Object.keys(settings), ...Object.keys(other.settings)])
    for (const name of names) {
      const [one, another] = [settings[name], other.settings[name]]
      if (one !== another) throw new PartialError('other-settings', `${name}: ${one} and ${another}`)
    }
  }
  const all = parts.flatMap(({ sources }) => sources)
  const logs = sameLogs([...all].sort(compareSources)).map(withoutRepeated)
  const counted = logs.flat()
  return {
    keys,
    settings,
    ...sumsOf(counted),
    counted,
    repeated: all.length - counted.length,
    incomplete: logs.map(incompleteness).filter(({ bytes }) => bytes > 0),
  }
}

const NOTHING: PartialResult = { keys: [], settings: {}, sources: [] }

function sumsOf(pieces: readonly PartialSource[]): { totals: GroupedTotals; notes: LogNotes } {
  const [only, ...others] = pieces
  // One log of a million clients would be held twice.
  if (only && others.length === 0)
    return { totals: groupedTotals(only.lines, only.groups), notes: only.notes }
  const lines = noLines()
  const groups = new GroupTable()
  const notes = new LogNotes()
  for (const piece of pieces) {
    for (const name of Object.keys(lines) as (keyof LineCounts)[]) lines[name] += piece.lines[name]
    groups.merge(piece.groups)
    notes.merge(piece.notes)
  }
  return { totals: groupedTotals(lines, groups), notes }
}

/** By content alone: names and the order in which parts are given say nothing. */
function compareSources(a: PartialSource, b: PartialSource): number {
  const [one, other] = [a, b].map(({ identity, from, to }) =>
    JSON.stringify([identity.checkpoints.map(([, digest]) => digest), identity.length, from, to]),
  ) as [string, string]
  return one < other ? -1 : one > other ? 1 : 0
}

function incompleteness(pieces: readonly PartialSource[]): IncompleteLog {
  const length = Math.max(...pieces.map(({ identity }) => identity.length))
  const read = pieces.reduce((sum, { from, to }) => sum + to - from, 0)
  return { length, bytes: length - read }
}

/** Readings of the same log together. Logs of which no whole line was read are known by nothing: each for itself. */
function sameLogs(sources: readonly PartialSource[]): PartialSource[][] {
  const byFirstLine = new Map<string, PartialSource[][]>()
  const unknown: PartialSource[][] = []
  for (const source of sources) {
    const [checkpoint] = source.identity.checkpoints
    if (!checkpoint) {
      unknown.push([source])
      continue
    }
    const name = checkpoint.join()
    const candidates = byFirstLine.get(name) ?? []
    byFirstLine.set(name, candidates)
    const same = candidates.find((log) =>
      log.every(({ identity }) => relationOf(identity, source.identity) !== 'different'),
    )
    if (same) same.push(source)
    else candidates.push([source])
  }
  return [...[...byFirstLine.values()].flat(), ...unknown]
}

/** Pieces that no other holds. @throws PartialError where two overlap and neither holds the other */
function withoutRepeated(pieces: readonly PartialSource[]): PartialSource[] {
  const sorted = [...pieces].sort((a, b) => a.from - b.from || b.to - a.to)
  const kept: PartialSource[] = []
  let end = 0
  for (const piece of sorted) {
    if (kept.length > 0 && piece.to <= end && piece.from < end) continue
    if (kept.length > 0 && piece.from === piece.to && piece.from <= end) continue
    if (piece.from < end && kept.length > 0)
      throw new PartialError('overlap', `bytes ${piece.from} to ${end} of ${piece.identity.length}`)
    kept.push(piece)
    end = piece.to
  }
  return kept
}
