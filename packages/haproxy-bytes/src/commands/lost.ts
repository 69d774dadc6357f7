import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { parseConfig } from '../config/index.ts'
import { LossReader } from '../library/loss-reader.ts'
import { isOfDaemon, JournalReader, logTargets, lossLedger, sampledFrontends } from '../loss/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { lostDocument } from '../report/lost-document.ts'
import { lostText } from '../report/lost-text.ts'
import { openLog } from '../source/index.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import type { LostOptions } from './lost.options.ts'
import { readText } from './read-text.ts'

/** Lines near an end of the span overtake each other: what lies beyond it tells whether a number is missing. */
const SLACK = 5000

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
  const wider = {
    since: since === undefined ? since : since - SLACK,
    until: until === undefined ? until : until + SLACK,
  }
  const counter = new SourceCounter([], input.span)
  const scan = await scanLogs(
    context,
    operands,
    { ...input, ...(input.span && { span: wider }) },
    {
      line: (reading, line) => {
        const told = reader.line(reading, line)
        counter.line(told ? { kind: 'other', other: 'foreign' } : reading, line)
      },
    },
  )
  const others = await scanLogs(
    context,
    options.syslog ?? [],
    { formats: [], zone: input.zone },
    { line: (_, line) => reader.message(line) },
  )
  if (options.journal !== undefined) await readJournal(fileNameText(options.journal), reader, context.signal)
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
  if (scan.failures.length + others.failures.length > 0) codes.push(EXIT.inputOutput)
  if (incomparable !== undefined) codes.push(EXIT.incomparable)
  if ((ledger.lines?.low ?? 0) > 0 || (ledger.bytes?.low ?? 0) > 0) codes.push(EXIT.loss)
  return worst(codes)
}

async function readJournal(path: string, reader: LossReader, signal: AbortSignal): Promise<void> {
  const log = await openLog(path)
  try {
    const journal = new JournalReader((entry) => {
      if (isOfDaemon(entry)) reader.logs.message(entry.message, path, entry.instant)
    })
    for await (const chunk of log.chunks({ signal })) journal.write(chunk)
    journal.end()
  } finally {
    await log.close()
  }
}
