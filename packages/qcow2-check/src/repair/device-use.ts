import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs'

/**
 * Why a block device is somebody's: O_EXCL without O_CREAT asks the kernel for the claim that mounts, the device mapper,
 * RAID, swap and loop devices hold (bd_prepare_to_claim in block/bdev.c). Undefined where nobody claims it.
 */
export function deviceUse(fd: number): string | undefined {
  try {
    closeSync(openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_EXCL | constants.O_NONBLOCK))
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) return undefined
    const holders = holdersOf(fd)
    return holders.length > 0 ? `claimed by ${holders.join(', ')}` : 'mounted, or claimed by another driver'
  }
}

function holdersOf(fd: number): string[] {
  const { rdev } = fstatSync(fd, { bigint: true })
  // glibc's gnu_dev_major and gnu_dev_minor
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)
  try {
    return readdirSync(`/sys/dev/block/${major}:${minor}/holders`)
  } catch {
    return []
  }
}
