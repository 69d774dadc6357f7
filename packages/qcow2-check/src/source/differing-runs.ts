import type { Change } from './overlay-source.ts'

/** Bytes; a longer run becomes several, so that a journal can keep and check it piece by piece. */
const LONGEST = 1024 * 1024

/**
 * Compares stretches that don't overlap, in ascending order, and joins what differs.
 *
 * @param stretches `before` shorter than `after` counts as different from its end on
 */
export function* differingRuns(stretches: Iterable<Change>, joined: number): Generator<Change> {
  let run: Change[] = []
  let length = 0
  let end = -1
  for (const part of within(stretches, joined)) {
    const gap = part.offset - end
    if (run.length > 0 && (gap > 0 || length + part.after.length > LONGEST)) {
      yield joinedRun(run)
      run = []
      length = 0
    }
    run.push(part)
    length += part.after.length
    end = part.offset + part.after.length
  }
  if (run.length > 0) yield joinedRun(run)
}

/** Runs inside of each stretch. */
function* within(stretches: Iterable<Change>, joined: number): Generator<Change> {
  for (const { offset, before, after } of stretches) {
    let start = -1
    let last = -1
    const part = () => ({
      offset: offset + start,
      before: before.slice(start, last + 1),
      after: after.slice(start, last + 1),
    })
    for (let at = 0; at < after.length; at++) {
      if (at < before.length && before[at] === after[at]) continue
      if (start >= 0 && at - last > joined + 1) {
        yield part()
        start = at
      } else if (start < 0) start = at
      last = at
    }
    if (start >= 0) yield part()
  }
}

function joinedRun(parts: readonly Change[]): Change {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const offset = (parts[0] as Change).offset
  return {
    offset,
    before: concatenated(parts.map(({ before }) => before)),
    after: concatenated(parts.map(({ after }) => after)),
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
