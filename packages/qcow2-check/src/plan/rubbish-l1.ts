import type { ClusterRange, Survey } from '../check/survey.ts'
import type { BlockSource } from '../source/index.ts'
import { readL2 } from './disk-tables.ts'
import { type L2Rules, l2Kind, l2RulesOf } from './l2-entry.ts'
import { readPadded } from './read-padded.ts'

/** Bytes that are asked about at once. */
const STRIDE = 2 ** 30
const PIECE = 2 ** 20
/** Bytes; asking where the holes are starts a program, and reading so much is done sooner. */
const READ_SOONER = 2 ** 26
/** Bytes of leaked clusters that are looked at; where more hold something, one may be the table. */
const LOOKED_AT = 2 ** 26

/** The active L1 leads to nothing, or mostly to what can't be, while something is leaked that may be the table itself. */
export async function activeL1IsRubbish({ image, leaked }: Survey): Promise<boolean> {
  const { offset, entries } = image.activeL1
  if (offset === 0 || leaked.length === 0) return false
  // L1 entries have no flags but COPIED: as L2 entries of version 2.
  const rules = { ...l2RulesOf(image), version: 2 }
  const { good, bad } = countKinds(await readL2(image, offset), entries, rules)
  if (bad <= good && good > 0) return false
  return mayHoldTable(image.source, leaked, entries, rules)
}

function countKinds(view: DataView, entries: number, rules: L2Rules): { good: number; bad: number } {
  let good = 0
  let bad = 0
  for (let at = 0; at + 8 <= Math.min(view.byteLength, entries * 8); at += 8) {
    const kind = l2Kind(view.getUint32(at), view.getUint32(at + 4), rules)
    if (kind === 'data') good++
    else if (kind !== 'empty') bad++
  }
  return { good, bad }
}

/** False where nothing that is leaked looks like a table: a search would try every cluster of it, for nothing. */
async function mayHoldTable(
  source: BlockSource,
  leaked: readonly ClusterRange[],
  entries: number,
  rules: L2Rules,
): Promise<boolean> {
  const { clusterSize } = rules
  const bytes = leaked.reduce((sum, { count }) => sum + count, 0) * clusterSize
  if (bytes < READ_SOONER) return true
  let left = LOOKED_AT
  for (const offset of withoutHoles(source, leaked, clusterSize)) {
    left -= clusterSize
    if (left < 0) return true
    const read = await readPadded(source, offset, clusterSize)
    const { good, bad } = countKinds(
      new DataView(read.buffer, read.byteOffset, read.byteLength),
      entries,
      rules,
    )
    if (good > 0 && bad <= good) return true
  }
  return false
}

/** Offsets of clusters in which something may be. */
function* withoutHoles(
  source: BlockSource,
  leaked: readonly ClusterRange[],
  clusterSize: number,
): Generator<number> {
  const isHole = (offset: number, length: number): boolean => source.isHole?.(offset, length) === true
  const step = Math.max(PIECE, clusterSize)
  for (const { first, count } of leaked) {
    const end = (first + count) * clusterSize
    for (let at = first * clusterSize; at < end; at += STRIDE) {
      const strideEnd = Math.min(at + STRIDE, end)
      if (isHole(at, strideEnd - at)) continue
      for (let offset = at; offset < strideEnd; offset += step) {
        const length = Math.min(step, strideEnd - offset)
        if (isHole(offset, length)) continue
        for (let cluster = offset; cluster < offset + length; cluster += clusterSize)
          if (!isHole(cluster, clusterSize)) yield cluster
      }
    }
  }
}
