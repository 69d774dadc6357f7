import { readSync } from 'node:fs'

const SECTOR = 512

/**
 * Length of a block device, bytes: fstat says 0 and Node has no ioctl, so it is where reading yields nothing any more.
 * Some 80 reads.
 */
export function endOfDevice(fd: number): number {
  const byte = new Uint8Array(1)
  const holds = (sector: number) => {
    try {
      return readSync(fd, byte, 0, 1, sector * SECTOR) > 0
    } catch {
      return false
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
