import { isUtf8 } from 'node:buffer'
import { textOfBytes } from '../terminal/lossless-text.ts'

/**
 * A file's name or path as Linux has it: bytes. A string where the bytes are valid UTF-8 (nearly always), else the
 * bytes themselves, so that no name is changed on its way through the program.
 */
export type FileName = string | Buffer

export function decodeFileName(bytes: Buffer): FileName {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes
}

export function fileNameBytes(name: FileName): Buffer {
  return typeof name === 'string' ? Buffer.from(name, 'utf8') : name
}

/** A string that is equal for equal names only: NUL, which no name holds, marks the ones that aren't UTF-8. */
export function fileNameKey(name: FileName): string {
  return typeof name === 'string' ? name : `\0${name.toString('latin1')}`
}

/** The name as text, for messages and patterns: as `textOfBytes` has it where it isn't UTF-8. */
export function fileNameText(name: FileName): string {
  return typeof name === 'string' ? name : textOfBytes(name)
}

/** `folder/name`; with an empty folder the name alone. */
export function joinFileName(folder: FileName, name: FileName): FileName {
  if (folder.length === 0) return name
  if (typeof folder === 'string' && typeof name === 'string') {
    return folder.endsWith('/') ? folder + name : `${folder}/${name}`
  }
  const head = fileNameBytes(folder)
  const slash = head[head.length - 1] === 0x2f ? [] : [Buffer.from('/')]
  return decodeFileName(Buffer.concat([head, ...slash, fileNameBytes(name)]))
}

/** The folder part ('' if there is none) and the last component. Trailing slashes belong to neither. */
export function splitFileName(path: FileName): { folder: FileName; name: FileName } {
  if (typeof path === 'string') {
    const end = trimmedLength(path.length, (at) => path.charCodeAt(at))
    const slash = path.lastIndexOf('/', end - 1)
    return { folder: path.slice(0, slash === 0 ? 1 : Math.max(slash, 0)), name: path.slice(slash + 1, end) }
  }
  const end = trimmedLength(path.length, (at) => path.readUInt8(at))
  const slash = path.lastIndexOf(0x2f, end - 1)
  return {
    folder: decodeFileName(path.subarray(0, slash === 0 ? 1 : Math.max(slash, 0))),
    name: decodeFileName(path.subarray(slash + 1, end)),
  }
}

function trimmedLength(length: number, at: (index: number) => number): number {
  let end = length
  while (end > 1 && at(end - 1) === 0x2f) end--
  return end
}

/** Order of the bytes, the same in every locale and for every name (UTF-16 order differs beyond U+FFFF). */
export function compareFileNames(a: FileName, b: FileName): number {
  return Buffer.compare(fileNameBytes(a), fileNameBytes(b))
}
