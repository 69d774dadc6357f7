import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { displayPath, formatBytes, formatCount } from '@nightshift/tooling/terminal'
import { type Undone, undo } from '../repair/index.ts'
import { EXIT } from '../report/exit-code.ts'
import { imageOperand } from './image-operand.ts'
import type { UndoOptions } from './repair.options.ts'

/** `qcow2-check undo IMG UNDOFILE`: 0 where the image is as it was before the repair. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  { dryRun, force, assumeOffline }: UndoOptions,
): Promise<number> {
  const [path, undoFile] = operands.map(imageOperand) as [FileName, FileName]
  const progress = context.progress({ what: 'undoing', unit: 'bytes' })
  let undone: Undone
  try {
    undone = await undo(path, undoFile, {
      dryRun: dryRun === true,
      force: force === true,
      assumeOffline: assumeOffline === true,
      signal: context.signal,
      onProgress: (done, total) => {
        progress.setTotal(total)
        progress.update(done)
      },
    })
  } finally {
    progress.stop()
  }
  if (context.flags.json)
    await context.out.json({
      ...jsonPath(path),
      undoFile: jsonPath(undoFile).path,
      dryRun: dryRun === true,
      ...undone,
    })
  else await context.out.line(`${displayPath(fileNameText(path))}: ${undoneText(undone, dryRun === true)}`)
  return EXIT.consistent
}

function undoneText({ outcome, interrupted, bytes, runs, size }: Undone, dryRun: boolean): string {
  const again = interrupted ? ' (the repair, or an undo, had been interrupted)' : ''
  if (outcome === 'already') return `is as before the repair already: it was undone${again}`
  if (outcome === 'untouched') return `is as before the repair: that ended before its first write${again}`
  const what = `${formatBytes(bytes)} in ${formatCount(runs)} ${runs === 1 ? 'place' : 'places'}, and the length of ${size} bytes`
  return dryRun
    ? `would be as it was before the repair: ${what}, would be put back${again}`
    : `is as it was before the repair: ${what}, were put back${again}`
}
