import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { formatCount } from '@nightshift/tooling/terminal'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { readFailureText } from '../scan/index.ts'
import { type LineCounts, Totals } from '../totals/index.ts'
import { type LogInput, logInput, scanLogs } from './log-input.ts'
import type { ParseOptions } from './parse.options.ts'
import {
  csvWriter,
  jsonWriter,
  ndjsonWriter,
  rawWriter,
  type TransferWriter,
  tableWriter,
} from './parse-output.ts'
import { fieldNames, Where } from './parse-where.ts'

/** `haproxy-bytes parse LOG...` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ParseOptions,
): Promise<number> {
  const input = logInput(options)
  const where = new Where(options.where ?? [], input.formats)
  const writer = writerOf(context, options, input)
  // Counts lines as `total` does, also those that are asked for by nobody.
  const totals = new Totals([], input.span)
  await writer.begin()
  const { failures } = await scanLogs(
    context,
    operands,
    { ...input, asked: where.asked },
    {
      line(reading, line) {
        totals.add(reading)
        if (reading.kind !== 'transfer') return
        // Without a time it can't be said to be in a span: it is counted as unparsed.
        const isTimed = input.span === undefined || reading.transfer.instant !== undefined
        if (isTimed && where.holds(reading.transfer, line)) writer.add(reading.transfer, line)
      },
      drain: () => writer.flush(),
    },
  )
  const { lines } = totals.result()
  const [failure] = failures
  await writer.end({
    lines,
    ...(failure && { error: { code: 'unreadable', message: readFailureText(failure) } }),
  })
  warnOfBad(context, lines)
  const codes: ExitCode[] = [badLines(lines, options.maxBad)]
  if (failure) codes.push(EXIT.inputOutput)
  return worst(codes)
}

function writerOf(
  context: CommandContext,
  options: ParseOptions,
  { formats, zone }: LogInput,
): TransferWriter {
  const { raw, ndjson, csv } = options
  const given = Object.entries({
    '--raw': raw,
    '--ndjson': ndjson,
    '--csv': csv,
    '--json': context.flags.json,
  })
  const [one, other] = given.flatMap(([flag, isGiven]) => (isGiven ? [flag] : []))
  if (one !== undefined && other !== undefined)
    throw new UsageError(`${one} and ${other} contradict each other`, { remedy: 'leave one of them out' })
  if (raw) return rawWriter(context)
  if (ndjson) return ndjsonWriter(context)
  if (csv) return csvWriter(context, fieldNames(formats))
  return context.flags.json ? jsonWriter(context) : tableWriter(context, zone)
}

function warnOfBad({ log }: CommandContext, { unparsed, truncated }: Readonly<LineCounts>): void {
  if (unparsed + truncated === 0) return
  log.warn(
    `left out: ${formatCount(truncated)} lines that are cut off, ${formatCount(unparsed)} that cannot be read`,
    {
      code: 'lines-left-out',
      remedy: '`haproxy-bytes total` shows samples of them',
    },
  )
}
