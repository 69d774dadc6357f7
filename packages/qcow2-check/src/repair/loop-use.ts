import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * The loop device that a file is attached to: the kernel holds it, so that no process has it open. Compared by the path
 * that the kernel knows of both, without touching other files.
 */
export function loopUse(fd: number): string | undefined {
  try {
    const own = readlinkSync(`/proc/self/fd/${fd}`)
    const device = readdirSync('/sys/block').find(
      (name) => name.startsWith('loop') && backingFile(name) === own,
    )
    return device === undefined ? undefined : `attached to the loop device /dev/${device}`
  } catch {
    return undefined
  }
}

function backingFile(device: string): string | undefined {
  try {
    return readFileSync(`/sys/block/${device}/loop/backing_file`, 'utf8').replace(/\n$/, '')
  } catch {
    // Attached to nothing.
    return undefined
  }
}
