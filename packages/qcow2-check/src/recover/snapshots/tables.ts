import type { CarvedEntry, TableEvidence } from '../evidence.ts'
import type { Search } from '../search.ts'
import type { FoundSnapshots } from './find-snapshots.ts'
import type { KnownL1 } from './known-l1s.ts'

/** What each snapshot table lists and doesn't, best first. */
export function rankTables(search: Search, { known, tables }: FoundSnapshots): TableEvidence[] {
  const { header, geometry } = search.survey.image
  const living = known.filter(({ live }) => live)
  const ranked = tables.map(({ offset, length, entries }): TableEvidence => {
    const alive = living.filter(({ carved }) => carved.some((entry) => entries.includes(entry)))
    const lacks = living.length - alive.length
    const dead = entries.length - alive.length
    const whole = offset % geometry.clusterSize === 0
    const current = header.snapshotCount > 0 && BigInt(offset) === header.snapshotsOffset
    const exact =
      whole && lacks === 0 && dead === 0 && search.refcounts && (current || isFree(search, offset, length))
    const proof = { kind: exact ? ('exact' as const) : ('partial' as const), lacks, dead }
    return { offset, length, entries, current, whole, proof, certain: exact }
  })
  return ranked.sort((a, b) => demerits(a) - demerits(b) || newest(b.entries) - newest(a.entries))
}

/** A copy of a table among guest data is none. */
function isFree({ references }: Search, offset: number, length: number): boolean {
  const last = Math.floor((offset + length - 1) / references.clusterSize)
  for (let cluster = Math.floor(offset / references.clusterSize); cluster <= last; cluster++)
    if (references.referenced(cluster) > 0) return false
  return true
}

function demerits({ proof, current, whole }: TableEvidence): number {
  return proof.lacks * 4 + proof.dead * 4 + (current ? 0 : 1) + (whole ? 0 : 2)
}

function newest(entries: readonly CarvedEntry[]): number {
  return Math.max(...entries.map(({ date, dateNanoseconds }) => date + dateNanoseconds / 1e9))
}

/** Of several entries that name an L1 table, the one of the image's own table, or else of the best one. */
export function entryOf(l1: KnownL1, ranked: readonly TableEvidence[]): CarvedEntry | undefined {
  const own = new Set(l1.listed.map(({ entryOffset }) => entryOffset))
  const listed = l1.carved.find(({ offset }) => own.has(offset))
  if (listed) return listed
  for (const { entries } of ranked) {
    const entry = l1.carved.find((carved) => entries.includes(carved))
    if (entry) return entry
  }
  return l1.carved.find(({ mended }) => mended)
}
