import { statSync } from 'node:fs'
import { UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { pathOfText } from '@nightshift/tooling/terminal'

/** Images that are there. @throws UsageError for a folder, and where nothing is there */
export function imageOperands(operands: readonly string[]): FileName[] {
  return operands.map(imageOperand)
}

/** @throws UsageError */
export function imageOperand(operand: string): FileName {
  const path = pathOfText(operand)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw new UsageError(`no such file: ${fileNameText(path)}`, { remedy: 'check the path' })
  if (stats.isDirectory())
    throw new UsageError(`${fileNameText(path)} is a folder`, {
      remedy: 'name an image, or use qcow2-check scan for folders',
    })
  return path
}
