import type { Survey } from '../check/survey.ts'
import type { RepairClass } from '../findings/index.ts'
import type { Snapshot } from '../image/image.ts'
import type { Draft } from './draft.ts'
import { type GuestChange, guestChanges } from './guest-changes.ts'
import type { Action } from './plan.ts'

/** They write refcounts, flags and free clusters only. */
const NO_MAPPING: ReadonlySet<RepairClass> = new Set<RepairClass>([
  'fix-refcount',
  'fix-copied',
  'fix-flags',
  'rebuild-refcounts',
  'free-leaks',
])

/**
 * The actions behind changes that no action names: the guest would read other bytes, or a snapshot would be gone.
 * Something that was lost before may come back.
 */
export async function unnamedChanges(
  before: Survey,
  after: Survey,
  draft: Draft,
  signal?: AbortSignal,
): Promise<readonly Action[]> {
  const mapping = draft.actions.filter((action) => !NO_MAPPING.has(action.class))
  if (mapping.length === 0) return []
  const named = mapping.filter(({ guest }) => guest.length > 0)
  const safe = mapping.filter((action) => action.safe)
  const keyOf = ({ id, l1 }: Snapshot) => `${l1.offset} ${id}`
  const kept = new Set(after.image.snapshots.entries.map(keyOf))
  const gone = before.image.snapshots.entries.filter((one) => one.sound && !kept.has(keyOf(one)))
  const told = new Set(mapping.flatMap(({ snapshots }) => snapshots))
  const unnamed = gone.some(({ id }) => !told.has(id))
  if (unnamed) return blamed(safe, mapping)
  const written = mapping.flatMap(({ writes }) => writes)
  for await (const change of guestChanges(before, after.image, written, signal)) {
    // A safe action may bring back what read as a hole, for its table was lost; never change what was there.
    const fair = named.filter(({ safe }) => !safe || change.wasHole)
    const { overwritten, length } = change
    // The first cluster is nobody's data: what a wrong entry reads there changes with the header.
    if (overwritten !== undefined && overwritten + length <= before.image.geometry.clusterSize) continue
    if (overwritten !== undefined)
      return mapping.filter(({ writes }) =>
        writes.some(
          ({ offset, after: bytes }) => offset < overwritten + length && overwritten < offset + bytes.length,
        ),
      )
    if (change.wasLost || fair.some((action) => covers(action, change))) continue
    return blamed(safe, mapping)
  }
  return []
}

function covers({ guest, snapshots, active }: Action, { offset, length, snapshot }: GuestChange): boolean {
  if (snapshot === undefined ? !active : !snapshots.includes(snapshot)) return false
  return guest.some((range) => range.offset <= offset && offset + length <= range.offset + range.length)
}

/** Which of them it was is not worth a search: it is a bug in one of a class, and none of the class can be trusted. */
function blamed(safe: readonly Action[], all: readonly Action[]): readonly Action[] {
  const tables = safe.filter((action) => action.class === 'restore-mapping')
  if (tables.length > 0) return tables
  return safe.length > 0 ? safe : all
}
