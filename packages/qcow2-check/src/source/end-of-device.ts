import { readSync } from 'node:fs'

const SECTOR = 512

type Read = (fd: number, target: Uint8Array, offset: number, length: number, position: number) => number

/**
 * Length of a block device, bytes: fstat says 0 and Node has no ioctl, so it is where reading yields nothing any more.
 * Some 80 reads.
 *
 * @param read as `fs.readSync`
 */
export function endOfDevice(fd: number, read: Read = readSync): number {
  const byte = new Uint8Array(1)
  const holds = (sector: number) => {
    try {
      return read(fd, byte, 0, 1, sector * SECTOR) > 0
    } catch {
      // Beyond the end there is no error but nothing to be read: this is a bad sector, and the device goes on behind it.
      return true
    }
  }
  let beyond = 1
  while (beyond < 2 ** 43 && holds(beyond - 1)) beyond *= 2
  let low = Math.floor(beyond / 2)
  while (low < beyond) {
    const middle = Math.floor((low + beyond) / 2)
    if (holds(middle)) low = middle + 1
    else beyond = middle
  }
  return low * SECTOR
}
