import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSnapshotEntry, encodeSnapshotEntry, encodeSnapshotExtra } from '../../src/format/index.ts'
import type { Evidence, SnapshotEvidence } from '../../src/recover/index.ts'
import { type Content, readDisk } from '../corpus/content.ts'
import type { Healthy } from '../corpus/healthy.ts'
import type { Scratch } from '../support/scratch.ts'

/** What QEMU reads from an image that was put together from the evidence, with nothing but what is called certain. */
export interface Healed {
  /** Undefined: QEMU can't read it. */
  readonly active: Content | undefined
  /** By the offset of its L1 table. */
  readonly snapshots: ReadonlyMap<number, Content | undefined>
}

/** Snapshots that are certain go into a new table at the end of the file, under ids by which QEMU is asked for them. */
export async function healAndRead(
  healthy: Healthy,
  damaged: Buffer,
  evidence: Evidence,
  scratch: Scratch,
): Promise<Healed> {
  const { clusterSize } = healthy.layout
  const certain = evidence.snapshots.filter((snapshot) => snapshot.certain)
  const table = Buffer.concat(certain.map((snapshot, index) => entryFor(snapshot, `h${index}`)))
  const end = Math.ceil(damaged.length / clusterSize) * clusterSize
  const image = Buffer.alloc(end + Math.ceil(table.length / clusterSize) * clusterSize)
  damaged.copy(image)
  table.copy(image, end)
  image.writeUInt32BE(certain.length, 60)
  image.writeBigUInt64BE(BigInt(certain.length ? end : 0), 64)
  for (const { rebuiltL1 } of certain)
    if (rebuiltL1) Buffer.from(rebuiltL1.bytes).copy(image, rebuiltL1.offset)
  for (const repair of evidence.entryRepairs)
    if (repair.certain) image.writeBigUInt64BE(repair.after, repair.entryOffset)
  const path = join(scratch.path, 'image.qcow2')
  writeFileSync(path, image)
  for (const [name, bytes] of healthy.companions) writeFileSync(join(scratch.path, name), bytes)
  const raw = join(scratch.path, 'raw')
  const snapshots = new Map<number, Content | undefined>()
  for (const [index, { l1 }] of certain.entries())
    snapshots.set(l1.offset, await readDisk(healthy.shape, path, `h${index}`, raw))
  return { active: await readDisk(healthy.shape, path, undefined, raw), snapshots }
}

function entryFor({ entry, l1, diskSize }: SnapshotEvidence, id: string): Uint8Array {
  const bytes = new TextEncoder()
  if (entry) return encodeSnapshotEntry({ ...decodeSnapshotEntry(entry.bytes), id: bytes.encode(id) })
  return encodeSnapshotEntry({
    l1TableOffset: BigInt(l1.offset),
    l1Size: l1.entries,
    dateSeconds: 0,
    dateNanoseconds: 0,
    vmClock: 0n,
    vmStateSize32: 0,
    extraData: encodeSnapshotExtra({ vmStateSize: 0n, diskSize: BigInt(diskSize) }),
    id: bytes.encode(id),
    name: bytes.encode(id),
  })
}
