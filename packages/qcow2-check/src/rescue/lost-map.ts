import type { LostRange } from '../mapping/index.ts'

/** `lost`: gone. `not-read`: it lies in a file that was not opened, or was more work than is done. */
export type LossStatus = 'lost' | 'not-read'

/** A range of a disk that is missing, and why (the code of a finding). */
export interface LossRecord extends LostRange {
  readonly status: LossStatus
}

const NOT_READ = /^(backing-|data-file-not-given$|data-file-missing$|data-file-unreadable$|too-much-work$)/

export function statusOf(reason: string): LossStatus {
  return NOT_READ.test(reason) ? 'not-read' : 'lost'
}

/** What a disk lacks; collected in any order. */
export class LostMap {
  #ranges: LostRange[] = []
  #sorted = true

  add({ offset, length, reason }: LostRange): void {
    const last = this.#ranges.at(-1)
    if (last && last.reason === reason && last.offset + last.length === offset) {
      this.#ranges[this.#ranges.length - 1] = { offset: last.offset, length: last.length + length, reason }
      return
    }
    if (last && offset < last.offset + last.length) this.#sorted = false
    this.#ranges.push({ offset, length, reason })
  }

  /** The part of a range below `end`, bytes. */
  addBelow(range: LostRange, end: number): void {
    if (range.offset < end) this.add({ ...range, length: Math.min(range.length, end - range.offset) })
  }

  /** Ascending, joined, without overlaps: where two reasons meet, the first range keeps the bytes. */
  records(): readonly LossRecord[] {
    if (!this.#sorted) this.#ranges.sort((a, b) => a.offset - b.offset)
    const records: { offset: number; length: number; reason: string; status: LossStatus }[] = []
    for (const { offset, length, reason } of this.#ranges) {
      const last = records.at(-1)
      const done = last ? last.offset + last.length : 0
      const start = Math.max(offset, done)
      const end = offset + length
      if (start >= end) continue
      if (last && last.reason === reason && done === start) last.length = end - last.offset
      else records.push({ offset: start, length: end - start, reason, status: statusOf(reason) })
    }
    return records
  }
}
