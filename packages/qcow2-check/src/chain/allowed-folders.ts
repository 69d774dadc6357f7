import { realpathSync } from 'node:fs'
import {
  decodeFileName,
  type FileName,
  fileNameBytes,
  fileNameText,
  splitFileName,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'

const SLASH = 0x2f

/** The folders below which a file that an image names may lie, links resolved. */
export class AllowedFolders {
  readonly #roots: readonly Buffer[]

  /**
   * @param image the path of the image; its own folder is allowed
   * @param allowed more folders, by the operator's word
   * @throws Qcow2Error `unreadable`: a folder is not there
   */
  constructor(image: FileName, allowed: readonly FileName[]) {
    this.#roots = [folderOf(realPath(image)), ...allowed.map(realPath)].map(fileNameBytes)
  }

  /** @param path absolute, without links */
  contain(path: FileName): boolean {
    const bytes = fileNameBytes(path)
    return this.#roots.some((root) => {
      const end = root[root.length - 1] === SLASH ? root.length - 1 : root.length
      return (
        bytes.length > end + 1 && bytes[end] === SLASH && bytes.subarray(0, end).equals(root.subarray(0, end))
      )
    })
  }
}

function realPath(path: FileName): FileName {
  try {
    return decodeFileName(realpathSync.native(path, 'buffer'))
  } catch (cause) {
    throw new Qcow2Error('unreadable', fileNameText(path), 'is not there', { cause })
  }
}

function folderOf(path: FileName): FileName {
  const { folder } = splitFileName(path)
  return folder.length === 0 ? '/' : folder
}
