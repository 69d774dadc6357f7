import type { Checkpoint, LogIdentity } from '../source/index.ts'
import { type Group, type GroupKey, type LineCounts, noLines, noSums, type Sums } from '../totals/index.ts'
import { PartialError, type PartialResult, type PartialSource } from './partial.ts'

export const PARTIAL_SCHEMA = 'haproxy-bytes/partial@1'

/** The rows of a partial result: a head, then for each source its own row and those of its groups. */
export function* partialRows({ keys, settings, sources }: PartialResult): Generator<string> {
  yield JSON.stringify({ schema: PARTIAL_SCHEMA, keys, settings, sources: sources.length })
  for (const { identity, from, to, lines, groups } of sources) {
    yield JSON.stringify({ source: identity, from, to, lines, groups: groups.length })
    for (const { key, ...sums } of groups) yield JSON.stringify([key, ...sumsRow(sums)])
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
    const head = parse(row.value) as Record<string, unknown>
    if (head?.schema !== PARTIAL_SCHEMA) throw new PartialError('no-partial')
    if (!isTexts(head.keys) || typeof head.settings !== 'string' || !isCount(head.sources))
      throw new PartialError('bad-row')
    const next = (): string => {
      const following = iterator.next()
      if (following.done) throw new PartialError('bad-row', 'it ends too early')
      return following.value
    }
    const sources: PartialSource[] = []
    for (let n = 0; n < head.sources; n++) sources.push(readSource(next))
    results.push({ keys: head.keys, settings: head.settings, sources })
  }
  return results
}

function readSource(next: () => string): PartialSource {
  const row = parse(next()) as Record<string, unknown>
  const { source, from, to, lines, groups: count } = row ?? {}
  if (!isCount(from) || !isCount(to) || !isCount(count)) throw new PartialError('bad-row')
  const groups: Group[] = []
  for (let n = 0; n < count; n++) groups.push(readGroup(parse(next())))
  return { identity: readIdentity(source), from, to, lines: readLines(lines), groups }
}

function readIdentity(value: unknown): LogIdentity {
  const { length, checkpoints } = (value ?? {}) as Record<string, unknown>
  if (!isCount(length) || !Array.isArray(checkpoints)) throw new PartialError('bad-row')
  const valid = checkpoints.every(
    (one) => Array.isArray(one) && isCount(one[0]) && typeof one[1] === 'string' && one.length === 2,
  )
  if (!valid) throw new PartialError('bad-row')
  return { length, checkpoints: checkpoints as Checkpoint[] }
}

function readLines(value: unknown): LineCounts {
  const lines = noLines()
  for (const name of Object.keys(lines) as (keyof LineCounts)[]) {
    const count = (value as Record<string, unknown> | null)?.[name]
    if (!isCount(count)) throw new PartialError('bad-row')
    lines[name] = count
  }
  return lines
}

function readGroup(row: unknown): Group {
  if (!Array.isArray(row) || row.length !== 9) throw new PartialError('bad-row')
  const [key, requests, withoutBytesIn, aborted, partial, ...texts] = row as unknown[]
  const counts = [requests, withoutBytesIn, aborted, partial]
  if (!isKey(key) || !counts.every(isCount) || !texts.every(isDecimal)) throw new PartialError('bad-row')
  const [bytesOut, bytesIn, abortedOut, partialOut] = (texts as string[]).map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  return {
    key,
    ...noSums(),
    requests: requests as number,
    bytesOut,
    bytesIn,
    withoutBytesIn: withoutBytesIn as number,
    aborted: { requests: aborted as number, bytesOut: abortedOut },
    partial: { requests: partial as number, bytesOut: partialOut },
  }
}

function parse(row: string): unknown {
  try {
    return JSON.parse(row)
  } catch {
    throw new PartialError('bad-row')
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isDecimal = (value: unknown): boolean => typeof value === 'string' && /^\d{1,40}$/.test(value)
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
const isKey = (value: unknown): value is GroupKey =>
  Array.isArray(value) &&
  value.every((one) => one === null || typeof one === 'string' || Number.isFinite(one))
