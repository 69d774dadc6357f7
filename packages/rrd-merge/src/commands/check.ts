import { type CommandContext, type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { displayPath } from '@nightshift/tooling/terminal'
import { openRrd } from '../file/open-rrd.ts'
import { checkRrd, type Finding } from '../format/index.ts'
import { EXIT } from '../report/exit-code.ts'
import { listFiles } from '../tree/list-files.ts'
import { exclusive } from './exclusive.ts'
import { errorOfOnly, type FailedFile, reportFailure } from './failure-report.ts'
import { presentOperands } from './operands.ts'
import type { CheckOptions } from './read-only.options.ts'

/** `rrd-merge check FILE|DIR...`: 1 where a file is broken, 3 where there is none. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  { ndjson }: CheckOptions,
): Promise<number> {
  const paths = presentOperands(operands)
  const { out, flags, signal } = context
  exclusive(ndjson, '--ndjson', flags.json || undefined, '--json')
  const documents: JsonDocument[] = []
  let files = 0
  let broken = 0
  for (const { path, error } of listFiles(paths)) {
    signal.throwIfAborted()
    const document = error ? reportFailure(context, path, error) : await checkFile(context, path)
    files++
    if ('error' in document || document.broken) broken++
    if (ndjson) await out.ndjson({ schema: 'rrd-merge/check-file@1', ...document })
    else if (flags.json) documents.push(document)
  }
  const totals = { files, broken, sound: files - broken }
  if (ndjson) await out.ndjson({ schema: 'rrd-merge/check-totals@1', totals })
  else if (flags.json) await out.json({ files: documents, totals, ...errorOfOnly(documents) })
  else await out.line(`${files} ${files === 1 ? 'file' : 'files'} checked, ${broken} broken`)
  if (files === 0) {
    context.log.warn('no *.rrd file is there', { code: 'nothing-matched' })
    return EXIT.nothingMatched
  }
  return broken > 0 ? EXIT.someFailed : EXIT.done
}

type Checked =
  | FailedFile
  | {
      readonly path: string
      readonly pathBase64?: string
      readonly broken: boolean
      readonly findings: readonly Finding[]
    }

async function checkFile(context: CommandContext, path: FileName): Promise<Checked> {
  try {
    const rrd = await openRrd(path, { signal: context.signal })
    const findings = checkRrd(rrd, { now: Math.floor(Date.now() / 1000) })
    for (const { severity, code, message } of findings) {
      const line = `${fileNameText(path)}: ${message}`
      if (severity === 'error') context.log.error(line, { code })
      else if (severity === 'warning') context.log.warn(line, { code })
      else context.log.debug(line, { code })
    }
    const broken = findings.some(({ severity }) => severity === 'error')
    if (context.flags.verbose && !broken && !context.flags.json)
      await context.out.line(`sound  ${displayPath(path)}`)
    return { ...jsonPath(path), broken, findings }
  } catch (error) {
    context.signal.throwIfAborted()
    return reportFailure(context, path, error)
  }
}
