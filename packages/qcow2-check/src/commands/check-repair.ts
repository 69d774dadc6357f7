import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { checkDocument } from '../report/documents.ts'
import { EXIT_OF_VERDICT } from '../report/exit-code.ts'
import { fixedBy, repairDocument } from '../report/repair-document.ts'
import { repairText } from '../report/repair-text.ts'
import type { CheckOptions } from './check.options.ts'
import type { Checked } from './check.ts'
import { repairImage } from './repair-image.ts'

/** `check -r leaks|all`: what is proven safe, behind an undo file; the exit is that of the image afterwards. */
export async function checkAndRepair(
  context: CommandContext,
  path: FileName,
  options: CheckOptions,
  limit: number | undefined,
): Promise<Checked> {
  const { repair, undoFile, assumeOffline, data } = options
  const done = await repairImage(context, {
    path,
    planning: { scope: repair === 'leaks' ? 'leaks' : 'safe' },
    undoFile,
    assumeOffline,
    data,
  })
  const facts = { dryRun: false, ...done }
  const { before, after } = done
  if (!context.flags.json && !options.ndjson)
    await context.out.write(repairText(fileNameText(path), facts, context.stdout, limit))
  return {
    document: {
      filename: fileNameText(path),
      ...jsonPath(path),
      ...checkDocument(after, { limit, fixed: fixedBy(before, after) }),
      repaired: repairDocument(facts),
    },
    exitCode: EXIT_OF_VERDICT[after.verdict],
  }
}
