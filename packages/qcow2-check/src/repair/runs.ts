import { Qcow2Error } from '../errors.ts'
import { type Action, PHASES, type Phase, type Write } from '../plan/plan.ts'
import type { BlockSource } from '../source/index.ts'

/** Bytes to be written at once: what the image holds there now, and what it is to hold. */
export interface Run {
  readonly offset: number
  /** Shorter than `after` where the image ends. */
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly phase: Phase
}

/** Writes with at most so many bytes between them become one: a table of scattered flags shall not be as many writes. */
const GAP = 512
/** Bytes of a run, at most, unless it is a single write. */
const LONGEST = 1024 * 1024

/**
 * The writes of a plan, joined and in the order of the file, against what the image holds now. Where actions write to the
 * same bytes the last one counts, with its phase.
 *
 * @throws Qcow2Error `stale`: the image doesn't hold what the plan was made for
 */
export async function* runsOf(source: BlockSource, actions: readonly Action[]): AsyncGenerator<Run> {
  const writes = actions.flatMap((action) => action.writes).filter(({ after }) => after.length > 0)
  const order = new Map(writes.map((write, index) => [write, index]))
  const sorted = [...writes].sort((a, b) => a.offset - b.offset)
  for (const group of groupsOf(sorted)) {
    const { offset, length } = extentOf(group)
    const before = await present(source, offset, length)
    const wanted = new Uint8Array(length)
    wanted.set(before)
    group.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    const known = Math.min(length, source.size - offset)
    for (const write of group) apply(write, { offset, wanted, known, name: source.name })
    yield* split(group, { offset, before, wanted })
  }
}

/** Neighbours of one phase, and whatever overlaps. */
function* groupsOf(sorted: readonly Write[]): Generator<Write[]> {
  let group: Write[] = []
  let start = 0
  let end = 0
  for (const write of sorted) {
    const last = group.at(-1)
    const joins = last && write.offset - end <= GAP && write.phase === last.phase && end - start < LONGEST
    if (last && (write.offset < end || joins)) {
      group.push(write)
      end = Math.max(end, write.offset + write.after.length)
    } else {
      if (last) yield group
      group = [write]
      start = write.offset
      end = write.offset + write.after.length
    }
  }
  if (group.length > 0) yield group
}

function extentOf(group: readonly Write[]): { offset: number; length: number } {
  const offset = group[0]?.offset ?? 0
  const end = group.reduce((most, write) => Math.max(most, write.offset + write.after.length), offset)
  return { offset, length: end - offset }
}

async function present(source: BlockSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, source.size - offset)))
  let done = 0
  while (done < bytes.length) {
    const got = await source.read(bytes.subarray(done), offset + done)
    if (got <= 0) throw new Qcow2Error('stale', source.name, `ends at ${offset + done} while it is read`)
    done += got
  }
  return bytes
}

interface Window {
  readonly offset: number
  readonly wanted: Uint8Array
  /** Bytes of `wanted` that the image has. */
  readonly known: number
  readonly name: string
}

function apply(write: Write, { offset, wanted, known, name }: Window): void {
  const at = write.offset - offset
  const there = wanted.subarray(at, at + write.before.length)
  const atEnd = write.before.length < write.after.length && at + write.before.length < known
  if (Buffer.compare(there, write.before) !== 0 || atEnd) {
    throw new Qcow2Error('stale', name, `holds other bytes at ${write.offset} than the plan was made for`, {
      remedy: 'make a new plan',
    })
  }
  wanted.set(write.after, at)
}

/** One run for each stretch of a phase; what isn't changed at all is left out. */
function* split(
  group: readonly Write[],
  { offset, before, wanted }: { offset: number; before: Uint8Array; wanted: Uint8Array },
): Generator<Run> {
  for (const { start, end, phase } of stretches(group, offset, wanted.length)) {
    const old = before.subarray(start, Math.min(end, before.length))
    const after = wanted.subarray(start, end)
    if (Buffer.compare(old, after) !== 0) yield { offset: offset + start, before: old, after, phase }
  }
}

interface Stretch {
  readonly start: number
  readonly end: number
  readonly phase: Phase
}

function stretches(group: readonly Write[], offset: number, length: number): Stretch[] {
  const [first] = group
  const phase = first?.phase ?? 'append'
  if (group.every((write) => write.phase === phase)) return [{ start: 0, end: length, phase }]
  // Only overlapping writes of several phases come here: a header, a table entry.
  const phases = new Uint8Array(length)
  for (const write of group) {
    const at = write.offset - offset
    phases.fill(PHASES.indexOf(write.phase), at, at + write.after.length)
  }
  const found: Stretch[] = []
  for (let start = 0; start < length; ) {
    let end = start
    while (end < length && phases[end] === phases[start]) end += 1
    found.push({ start, end, phase: PHASES[phases[start] ?? 0] ?? 'append' })
    start = end
  }
  return found
}
