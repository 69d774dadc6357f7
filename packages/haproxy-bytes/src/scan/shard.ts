import { HaproxyBytesError } from '../errors.ts'
import type { ByteRange, OpenedLog } from '../source/index.ts'

/** One of `count` equal parts, by its number from 0. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/**
 * What a shard reads of each log: nothing, or the lines that begin in a range of bytes. All logs one after the other are
 * cut in parts of equal length; a compressed one can't be cut, and belongs to the part in which it begins.
 *
 * @throws HaproxyBytesError `no-log` for a pipe, whose length nobody knows
 */
export function shardPieces(
  logs: readonly OpenedLog[],
  { index, count }: Shard,
): readonly (ByteRange | undefined)[] {
  const lengths = logs.map(lengthOf)
  const all = lengths.reduce((sum, length) => sum + length, 0)
  const cut = (part: number): number => Number((BigInt(all) * BigInt(part)) / BigInt(count))
  const [first, last] = [cut(index), cut(index + 1)]
  let begin = 0
  return logs.map(({ compression }, number) => {
    const length = lengths[number] as number
    const from = Math.max(first - begin, 0)
    const to = Math.min(last - begin, length)
    const holdsBegin = first <= begin && begin < last
    begin += length
    if (compression !== 'none') return holdsBegin ? { from: 0, to: length } : undefined
    return from < to ? { from, to } : undefined
  })
}

function lengthOf({ path, file }: OpenedLog): number {
  if (file) return file.length
  throw new HaproxyBytesError('no-log', path, 'a pipe cannot be divided among shards', {
    remedy: 'name files for --shard',
  })
}
