import { resolve } from 'node:path'
import { UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { NAME_PATTERN } from '../program/index.ts'
import { checkStateFolder, defaultStateFolder, NameFiles, stateFolderExists } from '../state/index.ts'

/** The state folder that is meant; checked if it is there at all. */
export function stateFolderOf(stateDir: FileName | undefined): string {
  const folder = stateDir === undefined ? defaultStateFolder() : resolve(fileNameText(stateDir))
  if (stateFolderExists(folder)) checkStateFolder(folder)
  return folder
}

/** The files of the daemon that an operand names. */
export function namedFiles(operands: readonly string[], stateDir: FileName | undefined): NameFiles {
  const [name = ''] = operands
  if (!NAME_PATTERN.test(name)) throw new UsageError(`'${name}' is no name of a daemon`)
  return new NameFiles(stateFolderOf(stateDir), name)
}
