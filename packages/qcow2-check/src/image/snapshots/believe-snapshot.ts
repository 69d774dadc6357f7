import type { FindingCode } from '../../findings/index.ts'
import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  type Geometry,
  LIMITS,
  SNAPSHOT_EXTRA_V3,
  type SnapshotEntry,
} from '../../format/index.ts'
import { believeL1, l1EntriesFor, reachesBeyondEnd } from '../believe-l1.ts'
import { DROP_SNAPSHOT, RESTORE_SNAPSHOTS } from '../findings-list.ts'
import type { L1Table, Snapshot } from '../image.ts'
import type { OpenContext } from '../open-context.ts'
import { looksWritten, nameText } from './entry-shape.ts'

/** Where an entry lies. */
export interface EntryPlace {
  readonly index: number
  readonly offset: number
  /** Bytes with padding. */
  readonly length: number
}

/** Bytes of a disk beyond which no L1 table reaches. */
const SANE = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * An entry as a snapshot, with a finding for everything in it that can't be. Undefined, and no finding, where nothing in
 * it can be.
 */
export function believeSnapshot(
  context: OpenContext,
  bytes: Uint8Array,
  place: EntryPlace,
  virtualSize: number,
): Snapshot | undefined {
  const { geometry, fileSize, findings } = context
  const entry = decodeSnapshotEntry(bytes)
  const extra = decodeSnapshotExtra(entry.extraData)
  const id = nameText(entry.id)
  const diskSize = clamp(extra.diskSize ?? BigInt(virtualSize))
  const vmStateSize = clamp(extra.vmStateSize ?? BigInt(entry.vmStateSize32))
  const l1 = believeL1({ offset: entry.l1TableOffset, entries: entry.l1Size }, geometry, fileSize)
  const written = looksWritten(entry)
  if (!written && l1.offset === 0) return undefined
  const faults: FindingCode[] = []
  let sound = true
  const fault = (
    code: FindingCode,
    fields: Readonly<Record<string, string | number | bigint>>,
    harmless = false,
  ) => {
    findings.add(
      code,
      { offset: place.offset, length: place.length },
      { index: place.index, ...fields },
      { repair: harmless ? RESTORE_SNAPSHOTS : DROP_SNAPSHOT, snapshot: id },
    )
    faults.push(code)
    if (!harmless) sound = false
  }
  const length = entry.extraData.length
  if (length > LIMITS.snapshotExtraData) fault('snapshot-extra-data', { length })
  else if (context.header.version > 2 && length < SNAPSHOT_EXTRA_V3)
    fault('snapshot-extra-data', { length }, true)
  if (length <= LIMITS.snapshotExtraData && !written)
    fault('snapshot-entry', { why: 'its id, its name or its date is not what QEMU writes' })
  checkL1(entry, l1, { diskSize, geometry, fileSize }, fault)
  return {
    index: place.index,
    id,
    name: nameText(entry.name),
    l1,
    diskSize,
    tellsDiskSize: extra.diskSize !== undefined,
    vmStateSize,
    date: entry.dateSeconds,
    dateNanoseconds: entry.dateNanoseconds,
    vmClock: entry.vmClock,
    ...(extra.icount !== undefined && { icount: extra.icount }),
    entryOffset: place.offset,
    entryLength: place.length,
    sound,
    faults,
  }
}

function checkL1(
  entry: SnapshotEntry,
  l1: L1Table,
  disk: { readonly diskSize: number; readonly geometry: Geometry; readonly fileSize: number },
  fault: (code: FindingCode, fields: Readonly<Record<string, number | bigint>>) => void,
): void {
  const { l1Size: entries, l1TableOffset: target } = entry
  const needed = l1EntriesFor(disk.diskSize, disk.geometry)
  // The snapshot of an empty disk has no L1 table.
  if (l1.offset === 0 && (entries > 0 || needed > 0)) fault('snapshot-l1-offset', { target })
  else if (entries < needed || entries > LIMITS.l1Table / 8) fault('snapshot-l1-size', { entries, needed })
  else if (reachesBeyondEnd(l1, disk.geometry, disk.fileSize)) fault('snapshot-l1-offset', { target })
}

function clamp(value: bigint): number {
  return Number(value < SANE ? value : SANE)
}
