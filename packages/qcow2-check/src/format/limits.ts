/** What QEMU (block/qcow2.h) and the format allow; beyond it QEMU refuses the image. */
export const LIMITS = {
  /** Bytes. */
  l1Table: 32 * 1024 * 1024,
  refcountTable: 8 * 1024 * 1024,
  snapshotTable: 64 * 1024 * 1024,
  snapshots: 65536,
  snapshotExtraData: 1024,
  backingFileName: 1023,
  bitmaps: 65535,
  bitmapDirectory: 1024 * 65535,
  bitmapTableEntries: 0x800_0000,
  /** Bytes that one bitmap may have, its table's entries times the cluster size. */
  bitmap: 0x2000_0000,
  bitmapGranularityBits: { min: 9, max: 31 },
  bitmapName: 1023,
  clusterBits: { min: 9, max: 21 },
  /** With extended L2 entries: a subcluster has at least 512 bytes. */
  extendedL2ClusterBits: 14,
  refcountOrder: 6,
  /** Bytes. QEMU knows no bound; a LUKS header with eight key slots has 2 MiB, whatever the cluster size. */
  cryptoHeader: 64 * 1024 * 1024,
} as const
