import type { BlockSource } from '../source/index.ts'

/** Bytes of a source. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

const NONE: readonly ByteRange[] = []
/** The pieces a range that can't be read is cut into, ever smaller, down to a sector: as ddrescue does it. */
const PIECES = [65536, 4096, 512]

/**
 * Fills `target` from `offset` on. What lies beyond the end of the source, and what can't be read, is zeros.
 *
 * @returns what could not be read, ascending; `offset` in bytes of the source
 */
export function readTolerantly(
  source: BlockSource,
  target: Uint8Array,
  offset: number,
): readonly ByteRange[] | Promise<readonly ByteRange[]> {
  const inside = Math.max(0, Math.min(target.length, source.size - offset))
  if (inside < target.length) target.fill(0, inside)
  if (inside === 0) return NONE
  const wanted = inside === target.length ? target : target.subarray(0, inside)
  try {
    const pending = source.read(wanted, offset)
    if (typeof pending === 'number')
      return pending === inside ? NONE : readRest(source, wanted, offset, pending)
    return pending.then(
      (count) => (count === inside ? NONE : readRest(source, wanted, offset, count)),
      () => readPieces(source, wanted, offset),
    )
  } catch {
    return readPieces(source, wanted, offset)
  }
}

/** A source may stop short of what was asked for; where it yields nothing more it has become shorter. */
async function readRest(
  source: BlockSource,
  target: Uint8Array,
  offset: number,
  read: number,
): Promise<readonly ByteRange[]> {
  let done = read
  try {
    while (done < target.length) {
      const count = await source.read(target.subarray(done), offset + done)
      if (count <= 0) break
      done += count
    }
  } catch {
    return readPieces(source, target.subarray(done), offset + done)
  }
  if (done === target.length) return NONE
  target.fill(0, done)
  return [{ offset: offset + done, length: target.length - done }]
}

async function readPieces(
  source: BlockSource,
  target: Uint8Array,
  offset: number,
): Promise<readonly ByteRange[]> {
  const bad: { offset: number; length: number }[] = []
  await readCut(source, target, offset, bad)
  return bad
}

async function readCut(
  source: BlockSource,
  target: Uint8Array,
  offset: number,
  bad: { offset: number; length: number }[],
): Promise<void> {
  const size = PIECES.find((piece) => piece < target.length)
  if (size === undefined) {
    target.fill(0)
    const last = bad.at(-1)
    if (last && last.offset + last.length === offset) last.length += target.length
    else bad.push({ offset, length: target.length })
    return
  }
  for (let at = 0; at < target.length; ) {
    // Pieces are aligned in the source: a bad sector then lies in one of them.
    const next = Math.min(target.length, at + size - ((offset + at) % size))
    const piece = target.subarray(at, next)
    const read = await attempt(source, piece, offset + at)
    if (!read) await readCut(source, piece, offset + at, bad)
    at = next
  }
}

async function attempt(source: BlockSource, target: Uint8Array, offset: number): Promise<boolean> {
  try {
    return (await source.read(target, offset)) === target.length
  } catch {
    return false
  }
}
