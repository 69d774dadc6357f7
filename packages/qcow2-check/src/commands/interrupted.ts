import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { FINDINGS, type Finding, findingText } from '../findings/index.ts'
import { interruptedBy } from '../repair/interrupted-by.ts'
import type { FileSource } from '../source/index.ts'
import { shortName } from './short-name.ts'

/** Says that an image may be half-written: an undo file beside it is of a repair, or of an undo, that was interrupted. */
export async function interruptedRepair(path: FileName, source: FileSource): Promise<Finding | undefined> {
  const file = await interruptedBy(path, source.fd)
  if (file === undefined) return undefined
  return {
    code: 'repair-interrupted',
    severity: FINDINGS['repair-interrupted'],
    offset: 0,
    length: source.size,
    repair: { class: 'none', safe: false, lossy: false },
    fields: { undoFile: shortName(path, file) ?? file },
  }
}

/** Of an image that `use` doesn't hold: told on stderr, by commands that list no findings. */
export async function warnOfInterrupted(
  { log }: CommandContext,
  path: FileName,
  source: FileSource,
): Promise<void> {
  const finding = await interruptedRepair(path, source)
  if (finding === undefined) return
  log.warn(`${fileNameText(path)}: ${findingText(finding)}`, {
    code: 'repair-interrupted',
    remedy: `qcow2-check repair settles that and plans anew; qcow2-check undo with ${finding.fields.undoFile} gives back what was there before`,
  })
}
