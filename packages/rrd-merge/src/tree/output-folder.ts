import {
  asFileError,
  type FileName,
  type Folder,
  resolveFolder,
  resolvePath,
} from '@nightshift/tooling/files'
import { asWriteError } from '../file/pair-report.ts'
import type { Durability } from '../file/stage.ts'
import { RrdError } from '../format/index.ts'
import { makeFolder } from './make-folders.ts'
import { isSameFolder, refuseInside, refuseOverlap } from './refuse-overlap.ts'

export interface OutputFolderOptions {
  readonly dryRun: boolean
  readonly durability: Durability
  readonly allowUnsafeFolder: boolean
}

/**
 * Opens OUT, made with owner and mode of NEW if it isn't there; a dry run makes nothing and gets nothing. OUT may be
 * NEW (which is given back then), and nothing else that is read.
 *
 * @param inputs NEW, then the OLDs
 * @throws RrdError EWRITE, EUSAGE
 */
export function openOutput(
  path: FileName,
  inputs: readonly [Folder, ...Folder[]],
  { dryRun, durability, allowUnsafeFolder }: OutputFolderOptions,
): Folder | undefined {
  const [target] = inputs
  try {
    const { folder, name, stats } = resolvePath(withoutSlash(path))
    try {
      if (stats) return checked(name === '.' ? resolveFolder(path) : folder.openFolder(name), inputs)
      refuseInside(folder, path, inputs)
      if (dryRun) return undefined
      const made = makeFolder(folder, name, target, allowUnsafeFolder)
      if (durability !== 'none') folder.sync()
      return made
    } finally {
      folder.close()
    }
  } catch (error) {
    if (error instanceof RrdError) throw error
    const failed = asFileError(error, path, 'cannot make the folder')
    throw failed.code === 'missing' ? failed : asWriteError(failed)
  }
}

function checked(output: Folder, inputs: readonly [Folder, ...Folder[]]): Folder {
  try {
    if (!isSameFolder(output, inputs[0])) {
      refuseOverlap([...inputs, output])
      return output
    }
    output.close()
    return inputs[0]
  } catch (error) {
    output.close()
    throw error
  }
}

/** `out/` names a folder that need not be there yet. */
function withoutSlash(path: FileName): FileName {
  if (typeof path === 'string') return path.replace(/(?<=[^/])\/+$/, '')
  let end = path.length
  while (end > 1 && path[end - 1] === 0x2f) end--
  return path.subarray(0, end)
}
