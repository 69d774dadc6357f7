import { statSync } from 'node:fs'
import { UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { pathOfText } from '@nightshift/tooling/terminal'

/** The path that an operand names: bytes where the command line had some that aren't UTF-8. */
export const pathOperand = (operand: string): FileName => pathOfText(operand)

/** @throws UsageError where nothing is there: missing input is fatal before anything is written */
export function isFolder(path: FileName): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats)
    throw new UsageError(`no such file or folder: ${fileNameText(path)}`, { remedy: 'check the path' })
  return stats.isDirectory()
}
