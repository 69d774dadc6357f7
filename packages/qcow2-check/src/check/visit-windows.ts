import { entryOffset } from '../format/index.ts'
import { type MetadataReader, TooMuchWork } from './metadata-reader.ts'
import type { WalkContext } from './walk-context.ts'

/** L1 entries of all tables that are in memory at once. */
const ENTRIES_AT_ONCE = 2 ** 18

/** Entries of all L1 tables that are looked at; a read counts as many. */
const MOST_STEPS = 2 ** 25
const READ_STEPS = 256

/** An L2 table as an L1 index of some disks names it. */
export interface WindowTable {
  readonly l1Index: number
  /** Bytes, as the entry says it: aligned or not. */
  readonly offset: number
  /** Who has it there; undefined stands for the active disk. */
  readonly snapshots: readonly (string | undefined)[]
}

interface Owners {
  readonly owners: readonly (string | undefined)[]
  /** Of other L1 tables. */
  readonly others: (readonly (string | undefined)[])[]
}

/** All L2 tables that L1 tables name, L1 index by L1 index. */
export async function* windowsOf(
  { roots }: WalkContext,
  reader: MetadataReader,
): AsyncGenerator<readonly WindowTable[]> {
  const indexes = Math.max(0, ...roots.map(({ entries }) => entries))
  const atOnce = Math.max(64, Math.floor(ENTRIES_AT_ONCE / Math.max(1, roots.length)))
  let steps = 0
  for (let first = 0; first < indexes; first += atOnce) {
    const parts: { readonly view: DataView; readonly owners: readonly (string | undefined)[] }[] = []
    for (const { offset, entries, owners } of roots) {
      if (entries <= first) continue
      const bytes = new Uint8Array(Math.min(atOnce, entries - first) * 8)
      steps += bytes.length / 8 + READ_STEPS
      if (steps > MOST_STEPS) throw new TooMuchWork('L1 tables of more entries than can be looked at')
      const pending = reader.fill(bytes, offset + first * 8)
      if (typeof pending !== 'boolean') await pending
      parts.push({ view: new DataView(bytes.buffer), owners })
    }
    for (let index = 0; index < Math.min(atOnce, indexes - first); index++) {
      const tables = new Map<number, Owners>()
      for (const { view, owners } of parts) {
        if (index * 8 >= view.byteLength) continue
        const offset = entryOffset(view.getUint32(index * 8), view.getUint32(index * 8 + 4))
        if (offset === 0) continue
        const known = tables.get(offset)
        // 60000 snapshots may have one L1 table: their names are not to be copied for each of its entries.
        if (known === undefined) tables.set(offset, { owners, others: [] })
        else {
          known.others.push(owners)
          steps += owners.length
        }
      }
      if (tables.size > 0)
        yield [...tables].map(([offset, { owners, others }]) => ({
          l1Index: first + index,
          offset,
          snapshots: others.length === 0 ? owners : [owners, ...others].flat(),
        }))
      if (steps > MOST_STEPS) throw new TooMuchWork('snapshots that share L1 tables')
    }
    const turn = reader.breathe()
    if (turn) await turn
  }
}
