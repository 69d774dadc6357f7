import type { Checkpoint, LogIdentity } from '../source/index.ts'
import {
  type Group,
  type GroupKey,
  GroupTable,
  type LineCounts,
  noLines,
  type Sums,
} from '../totals/index.ts'
import { asCount, asList, asObject, asText, demand, isCount, parseRow } from './checked.ts'
import { notesRow, readNotes } from './notes-row.ts'
import { PartialError, type PartialResult, type PartialSource } from './partial.ts'

export const PARTIAL_SCHEMA = 'haproxy-bytes/partial@1'

/** The rows of a partial result: a head, then for each source its own row and those of its groups. */
export function* partialRows({ keys, settings, sources }: PartialResult): Generator<string> {
  yield JSON.stringify({ schema: PARTIAL_SCHEMA, keys, settings, sources: sources.length })
  for (const { identity, from, to, lines, notes, groups } of sources) {
    yield JSON.stringify({ source: identity, from, to, lines, notes: notesRow(notes), groups: groups.size })
    for (const { key, ...sums } of groups.sorted()) yield JSON.stringify([key, ...sumsRow(sums)])
  }
}

/** Decimal strings for bytes: nothing on the way rounds them. */
function sumsRow({
  requests,
  bytesOut,
  bytesIn,
  withoutBytesIn,
  aborted,
  partial,
}: Sums): (number | string)[] {
  const texts = [bytesOut, bytesIn, aborted.bytesOut, partial.bytesOut].map(String)
  return [requests, withoutBytesIn, aborted.requests, partial.requests, ...texts]
}

/** Reads rows of one or more partial results, one after the other. @throws PartialError */
export function parsePartials(rows: Iterable<string>): PartialResult[] {
  const iterator = rows[Symbol.iterator]()
  const results: PartialResult[] = []
  for (let row = iterator.next(); !row.done; row = iterator.next()) {
    if (row.value.trim() === '') continue
    const head = asObject(parseRow(row.value))
    if (head.schema !== PARTIAL_SCHEMA) throw new PartialError('no-partial')
    const keys = asList(head.keys).map(asText)
    const settings = readSettings(head.settings)
    const count = asCount(head.sources)
    const next = (): string => {
      const following = iterator.next()
      if (following.done) throw new PartialError('bad-row', 'it ends too early')
      return following.value
    }
    const sources: PartialSource[] = []
    for (let n = 0; n < count; n++) sources.push(readSource(next, keys.length))
    results.push({ keys, settings, sources })
  }
  return results
}

function readSettings(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([name, text]) => [name, asText(text)]))
}

function readSource(next: () => string, keys: number): PartialSource {
  const { source, from, to, lines, notes, groups: count } = asObject(parseRow(next()))
  const piece = { from: asCount(from), to: asCount(to) }
  demand(piece.from <= piece.to)
  const groups = new GroupTable()
  for (let n = asCount(count); n > 0; n--) groups.add(readGroup(parseRow(next()), keys))
  return {
    identity: readIdentity(source),
    ...piece,
    lines: readLines(lines),
    notes: readNotes(notes),
    groups,
  }
}

function readIdentity(value: unknown): LogIdentity {
  const { length, checkpoints } = asObject(value)
  const list = asList(checkpoints).map((entry): Checkpoint => {
    const [end, digest, ...more] = asList(entry)
    demand(more.length === 0)
    return [asCount(end), asText(digest)]
  })
  return { length: asCount(length), checkpoints: list }
}

function readLines(value: unknown): LineCounts {
  const row = asObject(value)
  const lines = noLines()
  for (const name of Object.keys(lines) as (keyof LineCounts)[]) lines[name] = asCount(row[name])
  return lines
}

function readGroup(row: unknown, keys: number): Group {
  const [key, requests, withoutBytesIn, aborted, partial, ...texts] = asList(row)
  const counts = [requests, withoutBytesIn, aborted, partial]
  demand(isKey(key) && key.length === keys)
  demand(counts.every(isCount) && texts.length === 4 && texts.every(isDecimal))
  const [bytesOut, bytesIn, abortedOut, partialOut] = (texts as string[]).map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  return {
    key,
    requests: requests as number,
    bytesOut,
    bytesIn,
    withoutBytesIn: withoutBytesIn as number,
    aborted: { requests: aborted as number, bytesOut: abortedOut },
    partial: { requests: partial as number, bytesOut: partialOut },
  }
}

const isDecimal = (value: unknown): boolean => typeof value === 'string' && /^\d{1,40}$/.test(value)
const isKey = (value: unknown): value is GroupKey =>
  Array.isArray(value) &&
  value.every((one) => one === null || typeof one === 'string' || Number.isFinite(one))
