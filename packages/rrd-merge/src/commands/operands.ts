import { statSync } from 'node:fs'
import { UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { pathOfText } from '@nightshift/tooling/terminal'

/** The path that an operand names: bytes where the command line had some that aren't UTF-8. */
export const pathOperand = (operand: string): FileName => pathOfText(operand)

/** A file that is there. @throws UsageError for a folder, and where nothing is there */
export function fileOperand(operand: string): FileName {
  const path = pathOperand(operand)
  if (isFolder(path)) throw new UsageError(`${fileNameText(path)} is a folder`, { remedy: 'name a file' })
  return path
}

/** Paths that are there, files and folders. @throws UsageError where one isn't */
export function presentOperands(operands: readonly string[]): FileName[] {
  const paths = operands.map(pathOperand)
  for (const path of paths) isFolder(path)
  return paths
}

/** @throws UsageError where nothing is there: missing input is fatal before anything is written */
export function isFolder(path: FileName): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats)
    throw new UsageError(`no such file or folder: ${fileNameText(path)}`, { remedy: 'check the path' })
  return stats.isDirectory()
}
