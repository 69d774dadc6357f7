/** What is zero in blocks of this many bytes becomes a hole; file systems have no smaller ones. */
const BLOCK = 4096

const ZEROS = Buffer.alloc(BLOCK)

/** A part of a buffer. */
export interface Run {
  readonly start: number
  readonly end: number
}

function isZero(buffer: Buffer, start: number, end: number): boolean {
  // The first byte tells for most blocks, at a tenth of the cost of a call.
  return buffer[start] === 0 && ZEROS.compare(buffer, start, end, 0, end - start) === 0
}

export function isAllZero(buffer: Buffer, start = 0, end = buffer.length): boolean {
  for (let at = start; at < end; at += BLOCK) if (!isZero(buffer, at, Math.min(end, at + BLOCK))) return false
  return true
}

/**
 * The parts of a buffer that are not zeros, in whole blocks of the file they go to.
 *
 * @param position where the buffer's first byte goes in the file, bytes
 */
export function nonZeroRuns(buffer: Buffer, position: number): Run[] {
  const runs: Run[] = []
  let open = -1
  for (let at = 0; at < buffer.length; ) {
    const next = Math.min(buffer.length, at + BLOCK - ((position + at) % BLOCK))
    if (isZero(buffer, at, next)) {
      if (open >= 0) runs.push({ start: open, end: at })
      open = -1
    } else if (open < 0) open = at
    at = next
  }
  if (open >= 0) runs.push({ start: open, end: buffer.length })
  return runs
}
