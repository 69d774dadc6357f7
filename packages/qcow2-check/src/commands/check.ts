import { type CommandContext, type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import type { Survey } from '../check/survey.ts'
import { hasUndoFile } from '../repair/has-undo-file.ts'
import type { CheckTextOptions } from '../report/check-text.ts'
import { EXIT, EXIT_OF_ERROR, EXIT_OF_VERDICT, type ExitCode, worst } from '../report/exit-code.ts'
import { summaryLines } from '../report/summary-text.ts'
import type { CheckOptions } from './check.options.ts'
import { refuseCheckUse } from './check-use.ts'
import { compileLate } from './compile-late.ts'
import { exclusive } from './exclusive.ts'
import { reportFailure } from './failure-report.ts'
import { imageOperands } from './image-operand.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'

export interface Checked {
  /** Undefined where text was printed. */
  readonly document: JsonDocument | undefined
  readonly exitCode: ExitCode
}

/** `qcow2-check [check] IMG...`: the exit code of `qemu-img check`, of several images the worst. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const { out, flags } = context
  exclusive(options.ndjson, '--ndjson', flags.json || undefined, '--json')
  refuseCheckUse(options, operands.length)
  compileLate(operands.length)
  const images: JsonDocument[] = []
  const codes: ExitCode[] = []
  for (const path of imageOperands(operands)) {
    context.signal.throwIfAborted()
    const { document, exitCode } = await checkOne(context, path, options)
    codes.push(exitCode)
    if (document === undefined) continue
    if (options.ndjson) await out.ndjson({ schema: 'qcow2-check/check@1', ...document })
    else if (flags.json) images.push(document)
  }
  if (flags.json) await out.json(images.length === 1 ? { ...images[0] } : { images })
  return worst(codes)
}

async function checkOne(context: CommandContext, path: FileName, options: CheckOptions): Promise<Checked> {
  try {
    if (options.repair !== undefined) {
      const { checkAndRepair } = await import('./check-repair.ts')
      return await checkAndRepair(context, path, options, options.maxFindings)
    }
    return await withImage(path, options, async (opened) => {
      const { survey: found, advisory } = await look(context, opened, {
        ...(options.data && { data: true }),
        ...(options.maxFindings !== undefined && { maxFindings: Math.max(options.maxFindings, KEPT) }),
      })
      const interrupted =
        advisory === undefined && hasUndoFile(opened.source.fd)
          ? await (await import('./interrupted.ts')).interruptedRepair(path, opened.source)
          : undefined
      const survey = interrupted ? { ...found, findings: [interrupted, ...found.findings] } : found
      const exitCode = EXIT_OF_VERDICT[survey.verdict]
      const limit = options.maxFindings
      if (!context.flags.json && !options.ndjson) {
        await context.out.write(
          await textOf(fileNameText(path), survey, { facts: context.stdout, limit, advisory }),
        )
        return { document: undefined, exitCode }
      }
      const { checkDocument } = await import('../report/documents.ts')
      const document = checkDocument(survey, { limit, advisory: advisory !== undefined })
      return { document: { filename: fileNameText(path), ...jsonPath(path), ...document }, exitCode }
    })
  } catch (error) {
    context.signal.throwIfAborted()
    const document = await reportFailure(context, path, error)
    return { document, exitCode: exitCodeOf(document.error.code) }
  }
}

/** Of a sound image nothing is to be told but that. */
async function textOf(name: string, survey: Survey, options: CheckTextOptions): Promise<string> {
  if (survey.verdict === 'consistent' && survey.findings.length === 0)
    return `${summaryLines(name, survey, options.facts, options.advisory).join('\n')}\n`
  return (await import('../report/check-text.ts')).checkText(name, survey, options)
}

const exitCodeOf = (code: string): ExitCode =>
  (EXIT_OF_ERROR as Readonly<Record<string, ExitCode | undefined>>)[code] ?? EXIT.notCompleted

/** Findings kept where nobody said how many. */
const KEPT = 10_000
