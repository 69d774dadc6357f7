import { type CommandContext, checkOutputs, UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { parseConfig } from '../config/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import { ReconcileReader } from '../library/reconcile-reader.ts'
import { logWarnings } from '../notes/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { parseWireTruth, reconcile, spanToRead, type WireTruth, WireTruthError } from '../reconcile/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { junitReport } from '../report/junit.ts'
import { reconcileDocument } from '../report/reconcile-document.ts'
import { reconcileText } from '../report/reconcile-text.ts'
import { ASKED_FIELDS } from '../wire/index.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import { readLossSources } from './loss-sources.ts'
import { readText } from './read-text.ts'
import type { ReconcileOptions } from './reconcile.options.ts'
import { tellWarnings } from './tell-total.ts'
import { writeOutput } from './write-output.ts'

/** `haproxy-bytes reconcile LOG... (--before --after | --socket | --metrics) [--wire FILE] [--syslog FILE]...` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ReconcileOptions,
): Promise<number> {
  const { junit, wire, tolerance, proxy, haproxyVersion: version } = options
  const inputs = [
    ...operands.filter((one) => one !== '-'),
    options.before,
    options.after,
    wire,
    options.config,
    ...(options.syslog ?? []),
    options.journal,
  ]
  checkOutputs(
    [['--junit', junit]],
    inputs.filter((input) => input !== undefined),
  )
  const { span, ...lines } = logInput(options)
  const config = options.config === undefined ? undefined : parseConfig(readText(options.config))
  const truths = wire === undefined ? undefined : wireTruths(wire)
  const counters = await givenCounters(options, context.signal)
  if (counters === undefined && truths === undefined)
    throw new UsageError('nothing to hold the log against', {
      remedy: 'give --before and --after, --socket, --metrics or --wire',
    })
  const { zone } = lines
  const withWire = truths !== undefined
  const reader = new ReconcileReader(counters, { version, config, withWire, span, zone })
  const read = span && counters ? spanToRead(counters, span) : span
  const input = { ...lines, ...(read && { span: read }), asked: truths === undefined ? [] : ASKED_FIELDS }
  const counter = new SourceCounter([], read)
  const scan = await scanLogs(context, operands, input, {
    line: (reading, line) => {
      const isTold = reader.line(reading, line)
      counter.line(isTold ? { kind: 'other', other: 'foreign' } : reading, line)
    },
  })
  const othersRead = await readLossSources(context, options, zone, reader.losses)
  const sources = counter.sources(scan.logs)
  const { totals, notes } = mergePartials([{ keys: [], settings: {}, sources }])
  const { unparsed, truncated } = totals.lines
  const result = reconcile({
    tally: reader.tally,
    signatures: reader.wire.signatures,
    losses: reader.telling(),
    counters,
    wire: truths && { truths, totals: reader.wire },
    unread: unparsed + truncated,
    config,
    version,
    tolerance,
    only: proxy,
    span,
  })
  const warnings = tellWarnings(context, logWarnings(totals.totals, notes))
  if (junit !== undefined) writeOutput(junit, junitReport(result, new Date()), 0o644)
  if (context.flags.json) await context.out.json(reconcileDocument(result, totals.lines, warnings))
  else await context.out.write(reconcileText(result))
  const codes: ExitCode[] = [badLines(totals.lines, options.maxBad)]
  if (scan.failures.length > 0 || !othersRead) codes.push(EXIT.inputOutput)
  if (result.incomparable.length > 0) codes.push(EXIT.incomparable)
  if (result.lost) codes.push(EXIT.loss)
  if (!result.closed) codes.push(EXIT.gap)
  return worst(codes)
}

function wireTruths(path: FileName): WireTruth[] {
  try {
    return parseWireTruth(Buffer.from(readText(path), 'latin1').toString())
  } catch (error) {
    if (!(error instanceof WireTruthError)) throw error
    throw new HaproxyBytesError('unreadable', fileNameText(path), error.message, { cause: error })
  }
}
