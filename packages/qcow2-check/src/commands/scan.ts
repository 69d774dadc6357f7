import { statSync } from 'node:fs'
import {
  type CommandContext,
  checkOutputs,
  type JsonDocument,
  UsageError,
} from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { pathOfText } from '@nightshift/tooling/terminal'
import { EXIT, EXIT_OF_VERDICT, type ExitCode, worst } from '../report/exit-code.ts'
import { scanDocument } from '../report/scan-document.ts'
import { scanLine, scanTotalsText } from '../report/scan-text.ts'
import {
  Exposition,
  isInterrupted,
  type ScanResult,
  type ScanVerdict,
  scan,
  TotalsCounter,
} from '../scan/index.ts'
import { exclusive } from './exclusive.ts'
import type { ScanOptions } from './scan.options.ts'
import { writeOutput } from './write-output.ts'

/** `qcow2-check scan DIR...`: the exit code of check, over all images. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ScanOptions,
): Promise<number> {
  const { out, flags, signal } = context
  const { ndjson, prom, chain, allowPath, ...rest } = options
  exclusive(ndjson, '--ndjson', flags.json || undefined, '--json')
  const folders = operands.map(folderOperand)
  checkOutputs(
    [
      ['--prom', prom],
      ['--state', rest.state],
    ],
    [],
  )
  const since = Date.now()
  const progress = context.progress({ what: 'scanning', unit: 'items' })
  const counter = new TotalsCounter()
  const exposition = prom === undefined ? undefined : new Exposition()
  const images: JsonDocument[] = []
  const verdicts = new Set<ScanVerdict>()
  const settings = { ...rest, signal, chain: chain === true, ...(allowPath && { allowPaths: allowPath }) }
  try {
    for await (const result of scan(folders, settings)) {
      counter.add(result)
      exposition?.add(result)
      verdicts.add(result.verdict)
      progress.update(counter.totals.images)
      await tell(context, result, ndjson === true, images)
    }
  } finally {
    progress.stop()
  }
  const { totals } = counter
  if (prom !== undefined && exposition) {
    const end = Date.now() / 1000
    writeOutput(prom, exposition.text(totals, { end, duration: end - since / 1000 }), { mode: 0o644 })
  }
  if (ndjson) await out.ndjson({ schema: 'qcow2-check/scan-totals@1', totals })
  else if (flags.json) await out.json({ images, totals })
  else await out.line(scanTotalsText(totals))
  return worst([...verdicts].map(exitCodeOf))
}

async function tell(
  { out, flags, stdout }: CommandContext,
  result: ScanResult,
  ndjson: boolean,
  images: JsonDocument[],
): Promise<void> {
  if (ndjson) await out.ndjson({ schema: 'qcow2-check/scan-image@1', ...scanDocument(result) })
  else if (flags.json) images.push(scanDocument(result))
  else if (flags.verbose || result.verdict !== 'consistent' || isInterrupted(result.image))
    await out.line(scanLine(result, stdout))
}

function exitCodeOf(verdict: ScanVerdict): ExitCode {
  if (verdict === 'failed') return EXIT.notCompleted
  return verdict === 'not-qcow2' ? EXIT.notQcow2 : EXIT_OF_VERDICT[verdict]
}

/** @throws UsageError */
function folderOperand(operand: string): FileName {
  const path = pathOfText(operand)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return path
  throw new UsageError(`${fileNameText(path)} ${stats ? 'is not a folder' : 'does not exist'}`, {
    remedy: stats ? 'use qcow2-check check for an image' : 'check the path',
  })
}
