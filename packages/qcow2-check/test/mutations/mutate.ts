import type { Healthy } from '../corpus/healthy.ts'
import type { Mutant, Numbers } from './mutant.ts'

/** A range of metadata, bytes. Most bytes of an image are data, whose mutation nobody would notice. */
type Place = readonly [offset: number, length: number]

export function placesOf({ layout, bytes }: Healthy): readonly (readonly Place[])[] {
  const { clusterSize, disks, refcountTable, refcountBlocks, snapshotTable, bitmaps, crypto } = layout
  const tables = disks.flatMap(({ l2 }) => l2.map(({ offset }): Place => [offset, clusterSize]))
  const compressed = disks[0]?.mapped.filter(({ kind }) => kind === 'compressed') ?? []
  const groups: Place[][] = [
    [[0, 112]],
    [[0, Math.min(600, clusterSize)]],
    disks.map(({ l1 }): Place => [l1.offset, l1.entries * 8]),
    tables,
    [
      [refcountTable.offset, Math.max(8, refcountBlocks.length * 8)],
      ...refcountBlocks.filter((at) => at > 0).map((at): Place => [at, clusterSize]),
    ],
    snapshotTable.length > 0 ? [[snapshotTable.offset, snapshotTable.length]] : [],
    bitmaps ? [[bitmaps.directory, bitmaps.directorySize]] : [],
    crypto ? [[crypto.offset, 600]] : [],
    compressed.map(({ host, length }): Place => [host, length]),
    [[0, bytes.length]],
  ]
  return groups.filter((group) => group.length > 0)
}

const EXTREMES = [0, 1, 7, 0x41, 0x7f, 0x80, 0xc3, 0xff]
/** What entries of tables are in broken images: flags alone, everything, beyond any file, unaligned. */
const ENTRIES = [
  0n,
  1n,
  1n << 63n,
  1n << 62n,
  (1n << 64n) - 1n,
  0x00ff_ffff_ffff_fe00n,
  0x8000_0000_0001_0001n,
  0x4000_0000_0000_0200n,
]

const pick = <T>(items: readonly T[], next: Numbers): T => items[next(items.length)] as T

type Mutation = (mutant: Mutant, at: number, next: Numbers) => void

const MUTATIONS: readonly Mutation[] = [
  (mutant, at, next) => {
    const place = mutant.take(at, 1 + next(12))
    for (let byte = 0; byte < place.length; byte++) place[byte] = next(2) ? pick(EXTREMES, next) : next(256)
  },
  (mutant, at, next) => {
    const place = mutant.take(at, 1)
    place[0] = (place[0] as number) ^ (1 << next(8))
  },
  (mutant, at, next) => {
    const place = mutant.take(at - (at % 8), 8)
    if (place.length === 8) place.writeBigUInt64BE(pick(ENTRIES, next))
  },
  (mutant, at, next) => {
    const from = next(mutant.size / 8) * 8
    const other = Buffer.from(mutant.bytes.subarray(from, from + 8 * (1 + next(8))))
    other.copy(mutant.take(at - (at % 8), other.length))
  },
  (mutant, at, next) => {
    const length = 512 << next(4)
    const from = next(mutant.size / 512) * 512
    const other = Buffer.from(mutant.bytes.subarray(from, from + length))
    other.copy(mutant.take(at - (at % 512), other.length))
  },
  (mutant, at, next) => {
    mutant.take(at - (at % 8), 8 << next(8)).fill(pick(EXTREMES, next))
  },
]

/** One to four mutations, and at times the end of the file is gone. */
export function mutate(mutant: Mutant, places: readonly (readonly Place[])[], next: Numbers): void {
  for (let left = 1 + next(4); left > 0; left--) {
    const [offset, length] = pick(pick(places, next), next)
    const at = offset + next(length)
    if (at < mutant.size) pick(MUTATIONS, next)(mutant, at, next)
  }
  if (next(20) === 0) mutant.cut(next(mutant.size))
}
