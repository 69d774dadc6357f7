import { createHash } from 'node:crypto'
import { DamagedError } from './damaged.ts'
import type { OpenedLog } from './open-log.ts'

const LINE_FEED = 0x0a
/** A log whose first line is longer than this is not looked for in others. */
const FIRST_LINE = 1 << 16

/** A log whose lines are all in another one. */
export interface Duplicate {
  readonly log: OpenedLog
  readonly in: OpenedLog
  /** The other one has more. */
  readonly contained: boolean
}

/**
 * Logs that would count twice: a log and its compressed copy, or one of before a rotation and of after it. Only those
 * that begin with the same line are compared, byte for byte, as far as the shorter one goes.
 */
export async function findDuplicates(logs: readonly OpenedLog[], signal?: AbortSignal): Promise<Duplicate[]> {
  const byFirstLine = new Map<string, OpenedLog[]>()
  for (const log of logs) {
    const digest = log.file && (await digestOfFirstLine(log, signal))
    if (digest !== undefined) byFirstLine.set(digest, [...(byFirstLine.get(digest) ?? []), log])
  }
  const duplicates: Duplicate[] = []
  for (const alike of byFirstLine.values()) {
    // Of equal ones the plain one stays: in it a span of time can be found without reading all.
    const plainFirst = alike.toSorted(
      (a, b) => Number(a.compression !== 'none') - Number(b.compression !== 'none'),
    )
    duplicates.push(...(await duplicatesAmong(plainFirst, signal)))
  }
  return duplicates
}

async function duplicatesAmong(alike: readonly OpenedLog[], signal?: AbortSignal): Promise<Duplicate[]> {
  const found: Duplicate[] = []
  const isFound = (log: OpenedLog): boolean => found.some((duplicate) => duplicate.log === log)
  for (const [place, one] of alike.entries()) {
    for (const other of alike.slice(place + 1)) {
      if (isFound(one)) break
      if (isFound(other)) continue
      const ends = await firstToEnd(one, other, signal)
      if (ends === 'both' || ends === 'other')
        found.push({ log: other, in: one, contained: ends === 'other' })
      else if (ends === 'one') found.push({ log: one, in: other, contained: true })
    }
  }
  return found
}

/** Which of two logs ends first, where nothing before tells them apart. */
async function firstToEnd(
  one: OpenedLog,
  other: OpenedLog,
  signal?: AbortSignal,
): Promise<'one' | 'other' | 'both' | 'neither'> {
  const [a, b] = [new Bytes(one, signal), new Bytes(other, signal)]
  try {
    for (;;) {
      const [x, y] = [await a.peek(), await b.peek()]
      if (x.length === 0 || y.length === 0)
        return x.length === y.length ? 'both' : x.length === 0 ? 'one' : 'other'
      const common = Math.min(x.length, y.length)
      if (Buffer.compare(x.subarray(0, common), y.subarray(0, common)) !== 0) return 'neither'
      a.skip(common)
      b.skip(common)
    }
  } finally {
    await a.close()
    await b.close()
  }
}

async function digestOfFirstLine(log: OpenedLog, signal?: AbortSignal): Promise<string | undefined> {
  const bytes = new Bytes(log, signal)
  const digest = createHash('sha256')
  try {
    for (let length = 0; length < FIRST_LINE; ) {
      const chunk = await bytes.peek()
      if (chunk.length === 0) return undefined
      const feed = chunk.indexOf(LINE_FEED)
      digest.update(feed < 0 ? chunk : chunk.subarray(0, feed + 1))
      if (feed >= 0) return digest.digest('hex')
      length += chunk.length
      bytes.skip(chunk.length)
    }
    return undefined
  } finally {
    await bytes.close()
  }
}

/** The text of a log in whatever pieces it comes. One that is damaged ends there: its reader tells of that. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array()

  constructor(log: OpenedLog, signal: AbortSignal | undefined) {
    this.#chunks = log.chunks({ ...(signal && { signal }) })[Symbol.asyncIterator]()
  }

  async peek(): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      try {
        const next = await this.#chunks.next()
        if (next.done) break
        this.#chunk = next.value
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error
        break
      }
    }
    return this.#chunk
  }

  skip(count: number): void {
    this.#chunk = this.#chunk.subarray(count)
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
