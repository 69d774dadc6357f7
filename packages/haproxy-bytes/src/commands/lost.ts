import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { LogClock, type Zone } from '../clock/index.ts'
import { parseConfig } from '../config/index.ts'
import { daemonMessage, isOfDaemon, JournalReader, LossCollector, lossLedger } from '../loss/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { boundsOf, bracket, type CountersGiven, type IncomparableReason, Tally } from '../reconcile/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { lostDocument } from '../report/lost-document.ts'
import { lostText } from '../report/lost-text.ts'
import type { LogLine } from '../scan/index.ts'
import { openLog } from '../source/index.ts'
import { latin1, type Reading, readStamp } from '../transfer/index.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import type { LostOptions } from './lost.options.ts'
import { logTargets, sampledFrontends } from './lost-settings.ts'
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

/** Takes from each line what tells of lost ones. */
class LossReader {
  readonly logs = new LossCollector()
  readonly #counters: CountersGiven | undefined
  readonly #tally: Tally
  readonly #clock: LogClock

  constructor(counters: CountersGiven | undefined, zone: Zone) {
    this.#counters = counters
    this.#tally = new Tally(counters ? boundsOf(counters) : [])
    this.#clock = new LogClock(zone, () => (Number.isFinite(this.logs.until) ? this.logs.until : Date.now()))
  }

  /** @returns whether a log daemon wrote it */
  line(reading: Reading, line: LogLine): boolean {
    if (reading.kind !== 'transfer') return this.message(line)
    const { transfer, envelope } = reading
    const host = envelope.host && latin1(line.bytes, ...envelope.host)
    const { pid } = envelope
    this.logs.line(transfer, { ...(host !== undefined && { host }), ...(pid !== undefined && { pid }) })
    this.#tally.add(transfer, { pid })
    return false
  }

  /** A line that is no transfer. */
  message({ bytes, from, to, path }: LogLine): boolean {
    const message = daemonMessage(bytes, from, to)
    if (!message) return false
    const stamp = readStamp(bytes, message.envelope)
    this.logs.message(message.text, path, stamp && this.#clock.instant(stamp))
    return true
  }

  /** Holds the lines against the counters. Gives why that can't be done, if so. */
  compare(): IncomparableReason | undefined {
    if (!this.#counters) return undefined
    const found = bracket(this.#counters, this.#tally.first, this.#tally.last)
    if (!found) return 'no-start'
    if (!found.delta.comparable) return found.delta.why
    const sums = (proxy: string) => this.#tally.sums({ service: 'FRONTEND', proxy }, found.span)
    this.logs.snapshots(found.before, found.after, sums)
    return undefined
  }
}
