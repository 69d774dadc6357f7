import type { GuestDisk } from '../mapping/disk.ts'
import type { LossStatus, LostMap } from './lost-map.ts'
import type { RescuedDisk } from './options.ts'

/** What became of a disk, once all of its losses are known. */
export function describeDisk(
  disk: GuestDisk,
  output: string,
  map: LostMap,
  vmStateLost: boolean,
): RescuedDisk {
  const lost = map.records()
  const bytes = (wanted: LossStatus) =>
    lost.reduce((sum, { status, length }) => sum + (status === wanted ? length : 0), 0)
  const { kind, snapshot, orphan, size } = disk
  return {
    kind,
    ...(snapshot && { id: snapshot.id, name: snapshot.name }),
    ...(orphan !== undefined && { orphan }),
    output,
    size,
    lost,
    lostBytes: bytes('lost'),
    notReadBytes: bytes('not-read'),
    vmStateLost,
  }
}
