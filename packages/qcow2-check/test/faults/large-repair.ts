import { readFileSync, writeFileSync } from 'node:fs'
import { qemuImg } from '../support/qemu.ts'

/**
 * An image of 49152 clusters of 512 bytes, in which every refcount block and every L2 table has a fault: some 1000
 * writes all over the file, in two phases with a flush between.
 */
export function largeDamage(file: string): void {
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', 'cluster_size=512,preallocation=metadata', file, '24M'])
  const image = readFileSync(file)
  const pointers = (offset: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) =>
      Number(image.readBigUInt64BE(offset + 8 * index) & 0xfffffffffffe00n),
    )
  const l2Tables = pointers(Number(image.readBigUInt64BE(40)), image.readUInt32BE(36))
  const blocks = pointers(Number(image.readBigUInt64BE(48)), image.readUInt32BE(56) * 64)
  // A refcount of 0 for a cluster in use; COPIED missing where the refcount is 1.
  for (const block of blocks) if (block > 0) image.writeUInt16BE(0, block + 2 * 100)
  for (const table of l2Tables) if (table > 0) image.writeUInt8(image.readUInt8(table + 8) & 0x7f, table + 8)
  writeFileSync(file, image)
}
