import { existsSync, readlinkSync } from 'node:fs'
import { undoName } from './undo-name.ts'

/** An undo file takes the lowest number that is free. `repair` looks at all of them. */
const FIRST_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** Is there one beside the image? Some microseconds, for the sake of the thousands of images that have none. */
export function hasUndoFile(fd: number): boolean {
  const image = readlinkSync(`/proc/self/fd/${fd}`, 'latin1')
  const from = image.lastIndexOf('/') + 1
  const [folder, name] = [image.slice(0, from), image.slice(from)]
  return FIRST_NUMBERS.some((number) =>
    existsSync(Buffer.from(`${folder}${undoName(name, number)}`, 'latin1')),
  )
}
