import { decodeFileName, type FileName, fileNameBytes } from '@nightshift/tooling/files'

/** NAME_MAX of Linux' file systems, bytes. */
const LONGEST_NAME = 255

/** `IMG.undo-N`; a name too long for that is cut. */
export function defaultName(image: FileName, number: number): FileName {
  const name = undoName(fileNameBytes(image).toString('latin1'), number)
  return decodeFileName(Buffer.from(name, 'latin1'))
}

/** The same of a name whose characters are its bytes. */
export function undoName(image: string, number: number): string {
  const end = `.undo-${number}`
  return `${image.slice(0, LONGEST_NAME - end.length)}${end}`
}
