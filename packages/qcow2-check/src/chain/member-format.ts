import { hasMagic } from '../format/index.ts'

/** Formats that QEMU would guess from the first bytes, and this tool doesn't read. */
const OTHERS: readonly (readonly [string, number, string])[] = [
  ['vmdk', 0, 'KDMV'],
  ['vmdk', 0, 'COWD'],
  ['vmdk', 0, '# Disk DescriptorFile'],
  ['vpc', 0, 'conectix'],
  ['vhdx', 0, 'vhdxfile'],
  ['vdi', 64, '\x7f\x10\xda\xbe'],
  ['qed', 0, 'QED\0'],
  ['parallels', 0, 'WithoutFreeSpace'],
  ['parallels', 0, 'WithouFreSpacExt'],
  ['luks', 0, 'LUKS\xba\xbe'],
]

/**
 * What QEMU takes a backing file for whose format is not recorded. That it guesses is the trouble: the guest of a raw
 * disk can write these bytes.
 *
 * @param bytes the first 512, or all there are
 */
export function guessFormat(bytes: Uint8Array): string {
  if (hasMagic(bytes))
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4) >= 2 ? 'qcow2' : 'qcow'
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return OTHERS.find(([, at, magic]) => text.startsWith(magic, at))?.[0] ?? 'raw'
}
