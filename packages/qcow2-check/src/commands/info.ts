import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { infoDocument } from '../report/info-document.ts'
import { infoText } from '../report/info-text.ts'
import { refuseIdleAllowPath } from './check-use.ts'
import { evidenceFor } from './evidence.ts'
import { imageOperand } from './image-operand.ts'
import { warnOfInterrupted } from './interrupted.ts'
import type { InfoOptions } from './look.options.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'

/** `qcow2-check info IMG`: 0, or 1 and 63 where there is nothing to be said. */
export async function run(
  context: CommandContext,
  [operand]: readonly string[],
  options: InfoOptions,
): Promise<number> {
  const path = imageOperand(operand as string)
  refuseIdleAllowPath(options)
  return withImage(path, { ...options, searchHeader: true, signal: context.signal }, async (opened) => {
    const { survey, advisory } = await look(context, opened)
    if (advisory === undefined) await warnOfInterrupted(context, path, opened.source)
    const evidence = await evidenceFor(context, survey)
    if (context.flags.json) await context.out.json({ ...jsonPath(path), ...infoDocument(survey, evidence) })
    else await context.out.write(infoText(fileNameText(path), survey, evidence, context.stdout))
    return 0
  })
}
