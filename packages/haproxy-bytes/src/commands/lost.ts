import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { parseConfig } from '../config/index.ts'
import { LossReader } from '../library/loss-reader.ts'
import { logTargets, lossLedger, sampledFrontends } from '../loss/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { lostDocument } from '../report/lost-document.ts'
import { lostText } from '../report/lost-text.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import { readLossSources, widened } from './loss-sources.ts'
import type { LostOptions } from './lost.options.ts'
import { readText } from './read-text.ts'

/** `haproxy-bytes lost LOG... [--syslog FILE]... [--journal FILE] [--before FILE --after FILE]` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: LostOptions,
): Promise<number> {
  const input = logInput(options)
  const { since, until } = input.span ?? {}
  if ((options.before === undefined) !== (options.after === undefined))
    throw new UsageError('--before and --after go together: what is lost lies between them')
  const config = options.config === undefined ? undefined : parseConfig(readText(options.config))
  const counters = await givenCounters({ before: options.before, after: options.after }, context.signal)
  const reader = new LossReader(counters, input.zone)
  const counter = new SourceCounter([], input.span)
  const scan = await scanLogs(
    context,
    operands,
    { ...input, ...(input.span && { span: widened(input.span) }) },
    {
      line: (reading, line) => {
        const told = reader.line(reading, line)
        counter.line(told ? { kind: 'other', other: 'foreign' } : reading, line)
      },
    },
  )
  const othersRead = await readLossSources(context, options, input.zone, reader)
  const incomparable = reader.compare()
  const sampled = config && sampledFrontends(config)
  const ledger = lossLedger(reader.logs, {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(sampled && { sampled }),
    ...(config && { targets: logTargets(config) }),
  })
  const { totals } = mergePartials([{ keys: [], settings: {}, sources: counter.sources(scan.logs) }])
  const report = { ledger, lines: totals.lines, incomparable }
  if (context.flags.json) await context.out.json(lostDocument(report))
  else await context.out.write(lostText(report))
  const codes: ExitCode[] = [badLines(totals.lines, options.maxBad)]
  if (scan.failures.length > 0 || !othersRead) codes.push(EXIT.inputOutput)
  if (incomparable !== undefined) codes.push(EXIT.incomparable)
  if ((ledger.lines?.low ?? 0) > 0 || (ledger.bytes?.low ?? 0) > 0) codes.push(EXIT.loss)
  return worst(codes)
}
