import { Qcow2Error } from '../errors.ts'
import type { Image } from '../image/image.ts'
import { activeDisk, type GuestDisk, orphanDisk, selectDisk, snapshotDisk } from '../mapping/disk.ts'
import type { SnapshotEvidence } from '../recover/index.ts'
import type { RescueOptions, RescueResult } from './options.ts'

/** As many files as a raw rescue of all disks makes; each is synced, and QEMU allows for 65536 snapshots. */
const MOST_FILES = 1024

export interface ChosenDisks {
  /** The first becomes the active disk of a QCOW2 output. */
  readonly disks: readonly GuestDisk[]
  readonly dropped: RescueResult['dropped']
}

/** @throws Qcow2Error `no-snapshot`, `refused` */
export function chooseDisks(image: Image, options: RescueOptions): ChosenDisks {
  const { disk = { kind: 'active' }, snapshots: found = [] } = options
  if (disk !== 'all') return { disks: [selectDisk(image, disk, found)], dropped: [] }
  const dropped: RescueResult['dropped'][number][] = []
  const disks = [activeDisk(image)]
  for (const snapshot of image.snapshots.entries) {
    const { id, name, l1, diskSize } = snapshot
    const rebuilt = found.find(
      (evidence) => evidence.listed && evidence.l1.offset === l1.offset && evidence.rebuiltL1?.certain,
    )
    if (rebuilt?.rebuiltL1) disks.push({ ...snapshotDisk(snapshot), l1Bytes: rebuilt.rebuiltL1.bytes })
    else if (l1.entries > 0 || diskSize === 0) disks.push(snapshotDisk(snapshot))
    else dropped.push({ id, name, reason: l1.offset === 0 ? 'snapshot-l1-offset' : 'snapshot-l1-size' })
  }
  disks.push(...found.filter(recoverable).map(orphanDisk))
  if (options.format === 'raw' && disks.length > MOST_FILES) {
    const why = `has ${disks.length} disks, more than the ${MOST_FILES} files that are written at once`
    throw new Qcow2Error('refused', image.source.name, why, {
      remedy: 'take -O qcow2, or one snapshot at a time',
    })
  }
  return { disks: withOwnIds(disks), dropped }
}

function recoverable({ orphan, proof }: SnapshotEvidence): boolean {
  return orphan !== undefined && proof.kind !== 'contradicted' && proof.kind !== 'unreadable'
}

/** An orphan may have the id of a later snapshot; `qemu-img snapshot` would find the first only. */
function withOwnIds(disks: readonly GuestDisk[]): GuestDisk[] {
  const taken = new Set<string>()
  return disks.map((disk) => {
    if (!disk.snapshot) return disk
    const clash = disk.kind === 'orphan' && taken.has(disk.snapshot.id)
    const id = clash ? `recovered-${disk.orphan}` : disk.snapshot.id
    taken.add(id)
    return clash ? { ...disk, snapshot: { ...disk.snapshot, id } } : disk
  })
}

/** Ids come from the image; only these become part of a file name. */
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

/** The files of a raw rescue, one a disk, no two alike. */
export function rawNames(output: string, disks: readonly GuestDisk[]): string[] {
  const names = new Set<string>()
  for (const [index, disk] of disks.entries()) {
    const name = rawName(output, disk, index)
    // The position among the disks, where the id is nothing for a name, or another's too.
    names.add(name === undefined || names.has(name) ? `${output}.snapshot-at-${index}` : name)
  }
  return [...names]
}

function rawName(output: string, disk: GuestDisk, index: number): string | undefined {
  if (index === 0) return output
  if (disk.kind === 'orphan') return `${output}.orphan-${disk.orphan}`
  const id = disk.snapshot?.id ?? ''
  return SAFE_ID.test(id) ? `${output}.snapshot-${id}` : undefined
}
