/** Where things are in a healthy image. Reads nothing that is damaged: it knows just enough of the format for that. */
export interface Layout {
  readonly version: number
  readonly clusterSize: number
  readonly clusters: number
  readonly virtualSize: number
  readonly refcountBits: number
  readonly l2EntrySize: 8 | 16
  readonly externalData: boolean
  readonly refcountTable: { readonly offset: number; readonly clusters: number }
  /** Offsets of the refcount blocks; 0 where there is none. */
  readonly refcountBlocks: readonly number[]
  readonly snapshotTable: { readonly offset: number; readonly length: number }
  /** The active disk first, then the snapshots in the order of their table. */
  readonly disks: readonly Disk[]
  readonly bitmaps?: {
    readonly extension: number
    readonly directory: number
    readonly directorySize: number
  }
  readonly crypto?: { readonly extension: number; readonly offset: number; readonly length: number }
}

export interface Disk {
  /** Absent: the active disk. */
  readonly id?: string
  readonly name?: string
  readonly entry?: { readonly offset: number; readonly length: number }
  readonly l1: { readonly offset: number; readonly entries: number }
  readonly l2: readonly { readonly index: number; readonly offset: number }[]
  readonly size: number
  readonly mapped: readonly Mapped[]
}

export interface Mapped {
  readonly kind: 'data' | 'compressed' | 'zero'
  readonly guest: number
  /** Where its L2 entry is. */
  readonly entry: number
  readonly host: number
  /** Bytes in the file. */
  readonly length: number
}

const OFFSET = 0x00ff_ffff_ffff_fe00n

export function layoutOf(image: Buffer): Layout {
  const u64 = (at: number) => Number(image.readBigUInt64BE(at))
  const version = image.readUInt32BE(4)
  const clusterBits = image.readUInt32BE(20)
  const clusterSize = 2 ** clusterBits
  const incompatible = version === 3 ? image.readUInt32BE(76) : 0
  const refcountBits = version === 3 ? 2 ** image.readUInt32BE(96) : 16
  const l2EntrySize = incompatible & 16 ? 16 : 8
  const externalData = (incompatible & 4) !== 0
  const refcountTable = { offset: u64(48), clusters: image.readUInt32BE(56) }
  const clusters = Math.ceil(image.length / clusterSize)
  const virtualSize = u64(24)

  const diskAt = (
    offset: number,
    entries: number,
    size: number,
  ): Pick<Disk, 'l1' | 'l2' | 'mapped' | 'size'> => {
    const l2: { index: number; offset: number }[] = []
    for (let index = 0; index < entries; index++) {
      const table = Number(image.readBigUInt64BE(offset + index * 8) & OFFSET)
      if (table !== 0) l2.push({ index, offset: table })
    }
    const mapped = l2.flatMap((table) => entriesOf(image, table, { clusterBits, l2EntrySize, externalData }))
    return { l1: { offset, entries }, l2, mapped, size }
  }

  const disks: Disk[] = [diskAt(u64(40), image.readUInt32BE(36), virtualSize)]
  const tableOffset = u64(64)
  let at = tableOffset
  for (let index = 0; index < image.readUInt32BE(60); index++) {
    const idLength = image.readUInt16BE(at + 12)
    const nameLength = image.readUInt16BE(at + 14)
    const extra = image.readUInt32BE(at + 36)
    const text = at + 40 + extra
    const length = Math.ceil((40 + extra + idLength + nameLength) / 8) * 8
    disks.push({
      id: image.toString('utf8', text, text + idLength),
      name: image.toString('utf8', text + idLength, text + idLength + nameLength),
      entry: { offset: at, length },
      ...diskAt(u64(at), image.readUInt32BE(at + 8), extra >= 16 ? u64(at + 48) : virtualSize),
    })
    at += length
  }
  const refcountBlocks: number[] = []
  for (let entry = 0; entry < (refcountTable.clusters * clusterSize) / 8; entry++)
    refcountBlocks.push(u64(refcountTable.offset + entry * 8))
  while (refcountBlocks.length > 0 && refcountBlocks.at(-1) === 0) refcountBlocks.pop()
  return {
    version,
    clusterSize,
    clusters,
    virtualSize,
    refcountBits,
    l2EntrySize,
    externalData,
    refcountTable,
    refcountBlocks,
    snapshotTable: { offset: tableOffset, length: at - tableOffset },
    disks,
    ...extensionsOf(image, version),
  }
}

function entriesOf(
  image: Buffer,
  table: { index: number; offset: number },
  {
    clusterBits,
    l2EntrySize,
    externalData,
  }: { clusterBits: number; l2EntrySize: number; externalData: boolean },
): Mapped[] {
  const clusterSize = 2 ** clusterBits
  const perTable = clusterSize / l2EntrySize
  const result: Mapped[] = []
  for (let index = 0; index < perTable; index++) {
    const entry = table.offset + index * l2EntrySize
    const value = image.readBigUInt64BE(entry)
    if (value === 0n) continue
    const guest = (table.index * perTable + index) * clusterSize
    if ((value >> 62n) & 1n) {
      const split = BigInt(62 - (clusterBits - 8))
      const host = Number(value & ((1n << split) - 1n))
      const sectors = Number((value >> split) & ((1n << BigInt(clusterBits - 8)) - 1n)) + 1
      result.push({ kind: 'compressed', guest, entry, host, length: sectors * 512 - (host % 512) })
    } else {
      const host = Number(value & OFFSET)
      const zero = l2EntrySize === 8 && (value & 1n) === 1n
      const external = externalData && value >> 63n === 1n
      if (zero || (host === 0 && !external)) result.push({ kind: 'zero', guest, entry, host, length: 0 })
      else result.push({ kind: 'data', guest, entry, host, length: externalData ? 0 : clusterSize })
    }
  }
  return result
}

function extensionsOf(image: Buffer, version: number): Pick<Layout, 'bitmaps' | 'crypto'> {
  let at = version === 3 ? image.readUInt32BE(100) : 72
  const found: { bitmaps?: NonNullable<Layout['bitmaps']>; crypto?: NonNullable<Layout['crypto']> } = {}
  for (;;) {
    const type = image.readUInt32BE(at)
    if (type === 0) return found
    const length = image.readUInt32BE(at + 4)
    const u64 = (field: number) => Number(image.readBigUInt64BE(at + 8 + field))
    if (type === 0x23852875) found.bitmaps = { extension: at, directorySize: u64(8), directory: u64(16) }
    if (type === 0x0537be77) found.crypto = { extension: at, offset: u64(0), length: u64(8) }
    at += 8 + Math.ceil(length / 8) * 8
  }
}
