import { constants, openSync } from 'node:fs'

/** Linux' O_PATH, which Node has no name for: a descriptor of the place in the tree, not of what is in it. */
const O_PATH = 0o10000000

/**
 * Takes hold of a file without opening it, so that what it is can be looked at first: to open some devices is to use them
 * (a watchdog is armed, a tape rewinds), and a link to one may lie where an image is expected.
 *
 * @param flags O_NOFOLLOW, or none
 * @returns a descriptor for fstat, readlink of its name in /proc/self/fd, and `openHeld`; the caller's to close
 */
export function holdPlace(path: string | Buffer, flags = 0): number {
  return openSync(path, O_PATH | flags)
}

/** Opens what is held: whatever took its name meanwhile is another file. */
export function openHeld(held: number, access: number = constants.O_RDONLY): number {
  return openSync(`/proc/self/fd/${held}`, access | constants.O_NONBLOCK | constants.O_NOCTTY)
}
