import { relationOf } from '../source/index.ts'
import {
  addSums,
  type Group,
  type GroupedTotals,
  groupedTotals,
  type LineCounts,
  noLines,
  noSums,
} from '../totals/index.ts'
import { PartialError, type PartialResult, type PartialSource } from './partial.ts'

export interface Merged {
  readonly keys: readonly string[]
  readonly totals: GroupedTotals
  /** Pieces that were counted, and those that another one holds too, so that they were left out. */
  readonly counted: number
  readonly repeated: number
}

/**
 * Merges parts, in any order to the same result. A log counts once, whatever it was called when it was read: of two
 * readings of a log that grew the longer one counts. @throws PartialError
 */
export function mergePartials(parts: readonly PartialResult[]): Merged {
  const [first] = parts
  if (!first) return { keys: [], totals: groupedTotals(noLines(), []), counted: 0, repeated: 0 }
  for (const { keys, settings } of parts) {
    if (keys.join() !== first.keys.join()) throw new PartialError('other-keys', `${first.keys} and ${keys}`)
    if (settings !== first.settings) throw new PartialError('other-settings')
  }
  const all = parts.flatMap(({ sources }) => sources)
  const counted = sameLogs(all).flatMap(withoutRepeated)
  const lines = noLines()
  const groups = new Map<string, Group>()
  for (const source of counted) {
    for (const name of Object.keys(lines) as (keyof LineCounts)[]) lines[name] += source.lines[name]
    for (const group of source.groups) {
      const name = JSON.stringify(group.key)
      const sum = groups.get(name) ?? { key: group.key, ...noSums() }
      addSums(sum, group)
      groups.set(name, sum)
    }
  }
  const totals = groupedTotals(lines, [...groups.values()])
  return { keys: first.keys, totals, counted: counted.length, repeated: all.length - counted.length }
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
