import { decodeFileName, type FileName, fileNameBytes } from '@nightshift/tooling/files'

/** NAME_MAX of Linux' file systems, bytes. */
const LONGEST_NAME = 255

/** `IMG.undo-N`; a name too long for that is cut. */
export function defaultName(image: FileName, number: number): FileName {
  const end = Buffer.from(`.undo-${number}`)
  return decodeFileName(Buffer.concat([fileNameBytes(image).subarray(0, LONGEST_NAME - end.length), end]))
}
