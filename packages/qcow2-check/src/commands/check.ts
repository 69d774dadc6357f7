import { type CommandContext, type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { survey } from '../check/index.ts'
import { openImage } from '../image/index.ts'
import { checkText } from '../report/check-text.ts'
import { checkDocument } from '../report/documents.ts'
import { EXIT, EXIT_OF_VERDICT, type ExitCode, worst } from '../report/exit-code.ts'
import { openFileSource } from '../source/index.ts'
import type { CheckOptions } from './check.options.ts'
import { reportFailure } from './failure-report.ts'
import { imageOperands } from './image-operand.ts'

/** `qcow2-check [check] IMG...`: the exit code of `qemu-img check`, of several images the worst. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const { out, flags } = context
  const images: JsonDocument[] = []
  const codes: ExitCode[] = []
  for (const path of imageOperands(operands)) {
    context.signal.throwIfAborted()
    const { document, exitCode } = await checkOne(context, path, options)
    codes.push(exitCode)
    if (options.ndjson) await out.ndjson({ schema: 'qcow2-check/check@1', ...document })
    else images.push(document)
  }
  if (flags.json) await out.json(images.length === 1 ? { ...images[0] } : { images })
  return worst(codes)
}

async function checkOne(
  context: CommandContext,
  path: FileName,
  options: CheckOptions,
): Promise<{ readonly document: JsonDocument; readonly exitCode: ExitCode }> {
  try {
    const source = openFileSource(path as string)
    try {
      const image = await openImage(source)
      const result = await survey(image, { signal: context.signal, ...(options.data && { data: true }) })
      if (!context.flags.json && !options.ndjson)
        await context.out.write(
          checkText(fileNameText(path), result, context.stdout, options.maxFindings ?? DEFAULT_LIMIT),
        )
      return {
        document: { filename: fileNameText(path), ...jsonPath(path), ...checkDocument(result) },
        exitCode: EXIT_OF_VERDICT[result.verdict],
      }
    } finally {
      source.close()
    }
  } catch (error) {
    context.signal.throwIfAborted()
    const failed = reportFailure(context, path, error)
    return {
      document: failed,
      exitCode: failed.error.code === 'not-qcow2' ? EXIT.notQcow2 : EXIT.notCompleted,
    }
  }
}

/** Findings listed at a prompt where nobody said how many. */
const DEFAULT_LIMIT = 50
