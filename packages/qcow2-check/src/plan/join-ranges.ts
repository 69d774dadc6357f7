import type { GuestRange } from '../findings/index.ts'

/** Ranges that touch become one; ascending. */
export function joinRanges(ranges: readonly GuestRange[]): readonly GuestRange[] {
  const joined: GuestRange[] = []
  for (const { offset, length } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1)
    if (last !== undefined && offset <= last.offset + last.length)
      joined[joined.length - 1] = {
        offset: last.offset,
        length: Math.max(last.length, offset + length - last.offset),
      }
    else joined.push({ offset, length })
  }
  return joined
}
