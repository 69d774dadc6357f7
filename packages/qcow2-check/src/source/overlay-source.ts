import { Qcow2Error } from '../errors.ts'
import { differingRuns } from './differing-runs.ts'
import type { BlockSource, WritableSource } from './source.ts'

/** Bytes; tables are changed here and there, so a page is small. */
const PAGE = 4096
/** Pages that are brought into memory by one read. */
const MOST_AT_ONCE = 256

/** What one page held when it was first touched (shorter, or empty, where the base ends) and what it holds now. */
interface Page {
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/** A run of bytes that differ from the base, or nearly all of them. `before` is shorter where the base ends. */
export interface Change {
  readonly offset: number
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/**
 * A source with changes that stay in memory, as much of them as pages were touched: a plan is made and checked on it
 * before anything is written. An overlay may lie over an overlay.
 */
export class OverlaySource implements WritableSource {
  readonly base: BlockSource
  /** Length of the base when the overlay was made, bytes. */
  readonly baseSize: number
  /** Bytes that were read from the base: what work on the overlay has cost so far. */
  bytesRead = 0
  readonly #pages = new Map<number, Page>()
  #size: number
  /** Bytes of the base that still show; `truncate` lowers it for good. */
  #baseLimit: number

  constructor(base: BlockSource) {
    this.base = base
    this.baseSize = base.size
    this.#size = base.size
    this.#baseLimit = base.size
  }

  get name(): string {
    return this.base.name
  }

  get size(): number {
    return this.#size
  }

  read(target: Uint8Array, offset: number): number | Promise<number> {
    const length = Math.max(0, Math.min(target.length, this.#size - offset))
    const part = length === target.length ? target : target.subarray(0, length)
    return settle(this.#readBase(part, offset), () => {
      this.#patch(part, offset)
      return length
    })
  }

  isHole(offset: number, length: number): boolean {
    for (const page of this.#touched(offset, length)) if (this.#pages.has(page)) return false
    const shown = Math.min(length, this.#baseLimit - offset)
    return shown <= 0 || (this.base.isHole?.(offset, shown) ?? false)
  }

  /** @throws Qcow2Error `unreadable`, where a page is written in part and its rest can't be read */
  write(bytes: Uint8Array, offset: number): void | Promise<void> {
    const end = offset + bytes.length
    const first = Math.floor(offset / PAGE)
    return settle(this.#touch(first, Math.ceil(end / PAGE)), () => {
      for (let page = first; page * PAGE < end; page++) {
        const from = Math.max(offset, page * PAGE)
        const to = Math.min(end, (page + 1) * PAGE)
        const { after } = this.#pages.get(page) as Page
        after.set(bytes.subarray(from - offset, to - offset), from - page * PAGE)
      }
      if (end > this.#size) this.#size = end
    })
  }

  /** The base's bytes beyond a shorter length are gone from the overlay, and read as zeros if it grows again. */
  truncate(size: number): void | Promise<void> {
    if (size >= this.#size) {
      this.#size = size
      return
    }
    const lastPage = Math.floor(size / PAGE)
    const from = Math.min(size, this.#baseLimit)
    const to = Math.min(this.#size, this.baseSize)
    return settle(this.#touch(Math.floor(from / PAGE), Math.ceil(to / PAGE)), () => {
      for (const [page, { after }] of this.#pages)
        if (page >= lastPage) after.fill(0, page === lastPage ? size - page * PAGE : 0)
      this.#size = size
      this.#baseLimit = Math.min(this.#baseLimit, size)
    })
  }

  flush(): void {}

  /**
   * What differs from the base, ascending, within the present length. Who applies it sets that length too: bytes cut
   * off, and zeros that a longer length added, are not among it.
   *
   * @param joined runs this many equal bytes apart, or fewer, are one
   */
  *changes(joined = 16): Generator<Change> {
    const numbers = [...this.#pages.keys()].sort((a, b) => a - b)
    const pages = numbers.map((number) => {
      const offset = number * PAGE
      const { before, after } = this.#pages.get(number) as Page
      return { offset, before, after: after.subarray(0, Math.max(0, Math.min(PAGE, this.#size - offset))) }
    })
    yield* differingRuns(pages, joined)
  }

  /** Bytes of memory that the changes take. */
  get memory(): number {
    return this.#pages.size * 2 * PAGE
  }

  #readBase(part: Uint8Array, offset: number): void | Promise<void> {
    const shown = Math.max(0, Math.min(part.length, this.#baseLimit - offset))
    if (shown === 0) {
      part.fill(0)
      return
    }
    this.bytesRead += shown
    return settle(readFully(this.base, part.subarray(0, shown), offset), (count) => {
      part.fill(0, count)
    })
  }

  #patch(part: Uint8Array, offset: number): void {
    for (const page of this.#touched(offset, part.length)) {
      const after = this.#pages.get(page)?.after
      if (after === undefined) continue
      const from = Math.max(offset, page * PAGE)
      const to = Math.min(offset + part.length, (page + 1) * PAGE)
      part.set(after.subarray(from - page * PAGE, to - page * PAGE), from - offset)
    }
  }

  /** Pages of a run, among them all that are in memory. */
  *#touched(offset: number, length: number): Generator<number> {
    const first = Math.floor(offset / PAGE)
    const end = Math.ceil((offset + length) / PAGE)
    const some = this.#pages.size < end - first ? this.#pages.keys() : range(first, end)
    for (const page of some) if (page >= first && page < end) yield page
  }

  /** Brings pages into memory, those in a row by one read. */
  #touch(first: number, end: number): void | Promise<void> {
    let page = first
    const next = (): void | Promise<void> => {
      while (page < end) {
        if (this.#pages.has(page)) {
          page++
          continue
        }
        let last = page + 1
        while (last < end && last - page < MOST_AT_ONCE && !this.#pages.has(last)) last++
        const loaded = this.#load(page, last)
        page = last
        if (loaded instanceof Promise) return loaded.then(next)
      }
    }
    return next()
  }

  #load(first: number, end: number): void | Promise<void> {
    const offset = first * PAGE
    const before = new Uint8Array(Math.max(0, Math.min((end - first) * PAGE, this.baseSize - offset)))
    const keep = () => {
      const after = new Uint8Array((end - first) * PAGE)
      after.set(before.subarray(0, Math.max(0, this.#baseLimit - offset)))
      for (let page = first; page < end; page++) {
        const from = (page - first) * PAGE
        const to = from + PAGE
        this.#pages.set(page, { before: before.subarray(from, to), after: after.subarray(from, to) })
      }
    }
    if (before.length === 0) {
      keep()
      return
    }
    return settle(readFully(this.base, before, offset), (count) => {
      if (count < before.length)
        throw new Qcow2Error('unreadable', this.name, `ends at ${offset + count}, before its length`)
      keep()
    })
  }
}

function readFully(source: BlockSource, target: Uint8Array, offset: number): number | Promise<number> {
  let done = 0
  const next = (): number | Promise<number> => {
    while (done < target.length) {
      const pending = source.read(done === 0 ? target : target.subarray(done), offset + done)
      if (typeof pending !== 'number')
        return pending.then((count) => {
          done += count
          return count > 0 ? next() : done
        })
      if (pending <= 0) break
      done += pending
    }
    return done
  }
  return next()
}

/** Goes on at once where nothing is to be waited for: with a file underneath, a plan never leaves the stack. */
function settle<T, R>(pending: T | Promise<T>, next: (value: T) => R): R | Promise<R> {
  return pending instanceof Promise ? pending.then(next) : next(pending)
}

function* range(first: number, end: number): Generator<number> {
  for (let at = first; at < end; at++) yield at
}
