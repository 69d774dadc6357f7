import { Qcow2Error } from '../errors.ts'
import { decodeSnapshotEntry, decodeSnapshotExtra } from '../format/index.ts'
import type { Image, L1Table, Snapshot } from '../image/image.ts'
import type { CarvedEntry, SnapshotEvidence } from '../recover/index.ts'
import type { DiskSelector } from './extent.ts'

/** What a snapshot table says of a snapshot beside its L1 table. */
export type SnapshotDetails = Pick<
  Snapshot,
  'id' | 'name' | 'date' | 'dateNanoseconds' | 'vmClock' | 'icount'
>

/** A disk of the guest's as an L1 table maps it. */
export interface GuestDisk {
  readonly kind: 'active' | 'snapshot' | 'orphan'
  readonly l1: L1Table
  /** The L1 table itself, where it was rebuilt and does not stand in the file. */
  readonly l1Bytes?: Uint8Array
  /** Bytes. */
  readonly size: number
  /** Bytes of machine state, which the L1 table maps behind the disk. */
  readonly vmStateSize: number
  /** Of a snapshot and, as far as known, of an orphan. */
  readonly snapshot?: SnapshotDetails
  /** `orphan:N`. */
  readonly orphan?: number
}

export function activeDisk(image: Image): GuestDisk {
  return { kind: 'active', l1: image.activeL1, size: image.virtualSize, vmStateSize: 0 }
}

export function snapshotDisk(snapshot: Snapshot): GuestDisk {
  const { l1, diskSize, vmStateSize, id, name, date, dateNanoseconds, vmClock, icount } = snapshot
  const details = { id, name, date, dateNanoseconds, vmClock, ...(icount !== undefined && { icount }) }
  return { kind: 'snapshot', l1, size: diskSize, vmStateSize, snapshot: details }
}

/** A snapshot that a search found; its id is `recovered-N` where no entry tells it. */
export function orphanDisk(evidence: SnapshotEvidence): GuestDisk {
  const { entry, orphan = 0, rebuiltL1 } = evidence
  const id = `recovered-${orphan}`
  return {
    kind: 'orphan',
    l1: evidence.l1,
    ...(rebuiltL1 && { l1Bytes: rebuiltL1.bytes }),
    size: evidence.diskSize,
    vmStateSize: entry?.vmStateSize ?? 0,
    snapshot: entry ? detailsOf(entry) : { id, name: id, date: 0, dateNanoseconds: 0, vmClock: 0n },
    orphan,
  }
}

function detailsOf({ id, name, date, dateNanoseconds, vmClock, bytes }: CarvedEntry): SnapshotDetails {
  const { icount } = decodeSnapshotExtra(decodeSnapshotEntry(bytes).extraData)
  return { id, name, date, dateNanoseconds, vmClock, ...(icount !== undefined && { icount }) }
}

/**
 * @param found what a search for lost snapshots found; without it there are no orphans
 * @throws Qcow2Error `no-snapshot`
 */
export function selectDisk(
  image: Image,
  selector: DiskSelector,
  found: readonly SnapshotEvidence[] = [],
): GuestDisk {
  if (selector.kind === 'active') return activeDisk(image)
  if (selector.kind === 'orphan') {
    const evidence = found.find(({ orphan }) => orphan === selector.number)
    if (evidence) return orphanDisk(evidence)
    const count = found.filter(({ orphan }) => orphan !== undefined).length
    const why = `has no orphan ${selector.number}, ${count} ${count === 1 ? 'was' : 'were'} found`
    throw new Qcow2Error('no-snapshot', image.source.name, why)
  }
  const { entries } = image.snapshots
  const { idOrName } = selector
  // As qemu-img: an id goes before a name.
  const snapshot = entries.find(({ id }) => id === idOrName) ?? entries.find(({ name }) => name === idOrName)
  if (!snapshot) {
    const why = `has no snapshot with id or name ${JSON.stringify(idOrName)}`
    throw new Qcow2Error('no-snapshot', image.source.name, why, {
      remedy: 'qcow2-check info lists them, orphans too',
    })
  }
  return snapshotDisk(snapshot)
}

/** First L1 index behind the disk: machine state is mapped from there on. */
export function vmStateIndex(disk: GuestDisk, l2Coverage: number): number {
  return Math.ceil(disk.size / l2Coverage)
}
