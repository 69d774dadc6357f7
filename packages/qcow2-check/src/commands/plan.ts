import { fstatSync } from 'node:fs'
import { type CommandContext, checkOutputs, documentValue, jsonPath } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { displayPath } from '@nightshift/tooling/terminal'
import { planRepair } from '../plan/index.ts'
import { checkText } from '../report/check-text.ts'
import { EXIT_OF_VERDICT } from '../report/exit-code.ts'
import { planDocument } from '../report/plan-document.ts'
import { planText } from '../report/plan-text.ts'
import { imageOperand } from './image-operand.ts'
import { warnOfInterrupted } from './interrupted.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'
import type { PlanOptions } from './repair.options.ts'
import { writeOutput } from './write-output.ts'

/** `qcow2-check plan IMG`: what a repair would do; the exit is that of check. */
export async function run(
  context: CommandContext,
  [operand]: readonly string[],
  { output, allow }: PlanOptions,
): Promise<number> {
  const path = imageOperand(operand as string)
  checkOutputs([['-o', output]], [path])
  return withImage(path, { searchHeader: true, signal: context.signal }, async (opened) => {
    const { survey, advisory } = await look(context, opened)
    if (advisory === undefined) await warnOfInterrupted(context, path, opened.source)
    const plan = await planRepair(opened.image, survey, {
      ...(allow && { allow: allow.flat() }),
      signal: context.signal,
    })
    const document = { ...jsonPath(path), advisory: advisory !== undefined, ...planDocument(plan) }
    if (output !== undefined) {
      const text = JSON.stringify({ schema: 'qcow2-check/plan@1', ...document }, documentValue)
      // It holds bytes of the image.
      writeOutput(output, `${text}\n`, { most: fstatSync(opened.source.fd).mode & 0o600 })
    }
    if (context.flags.json) await context.out.json(document)
    else {
      const texts = { facts: context.stdout, limit: 0, advisory, bare: true }
      await context.out.write(checkText(fileNameText(path), survey, texts))
      await context.out.write(planText(plan, context.stdout))
      if (output !== undefined) await context.out.line(`  written to ${displayPath(output)}`)
    }
    return EXIT_OF_VERDICT[survey.verdict]
  })
}
