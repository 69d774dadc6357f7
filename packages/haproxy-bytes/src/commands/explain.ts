import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { parseConfig } from '../config/index.ts'
import { parseVersion } from '../model/index.ts'
import { logWarnings } from '../notes/index.ts'
import { mergePartials, SourceCounter } from '../partial/index.ts'
import { boundsOf, bracket, outside, Tally } from '../reconcile/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { explainDocument } from '../report/explain-document.ts'
import { explainText } from '../report/explain-text.ts'
import { ASKED_FIELDS, explain, pairKey, WireTotals } from '../wire/index.ts'
import type { ExplainOptions } from './explain.options.ts'
import { givenCounters } from './given-counters.ts'
import { logInput, scanLogs } from './log-input.ts'
import { MODELS } from './model.options.ts'
import { readText } from './read-text.ts'
import { tellWarnings } from './tell-total.ts'
import { wireWarnings } from './wire-warnings.ts'

/** `haproxy-bytes explain LOG... --config haproxy.cfg [--before FILE --after FILE]` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ExplainOptions,
): Promise<number> {
  const { haproxyVersion: version, model: modelName } = options
  if (version !== undefined && modelName !== 'auto')
    throw new UsageError('--model and --haproxy-version exclude each other')
  const input = logInput(options)
  const config = options.config === undefined ? undefined : parseConfig(readText(options.config))
  const counters = await givenCounters(options, context.signal)
  if (counters && input.span)
    throw new UsageError('--since and --until do not go with --before and --after', {
      remedy: 'counters tell of all that lies between them: leave out one or the other',
    })
  const snapshotVersion = counters?.after.at(-1)?.version
  const totals = new WireTotals({ version, config, snapshotVersion, accounting: MODELS[modelName] })
  const tally = new Tally(counters ? boundsOf(counters) : [])
  const counter = new SourceCounter([], input.span)
  const scan = await scanLogs(
    context,
    operands,
    { ...input, asked: ASKED_FIELDS },
    {
      line: (reading, line) => {
        counter.line(reading, line)
        if (reading.kind !== 'transfer') return
        const { transfer, fields } = reading
        tally.add(transfer)
        totals.add(pairKey(transfer.frontend, transfer.backend), transfer, line.bytes, fields)
      },
    },
  )
  const merged = mergePartials([{ keys: [], settings: {}, sources: counter.sources(scan.logs) }])
  const { lines, totals: sums } = merged.totals
  const found = counters && bracket(counters, tally.first, tally.last)
  // Of lines beside the snapshots nothing was counted between them.
  const beside = found ? outside(tally, found) : 0
  const zeroCopy = config?.global.find(({ words }) => words[0] === 'tune.disable-zero-copy-forwarding')
  const counted = version ?? found?.after.version
  const result = explain({
    totals,
    delta: beside === 0 ? found?.delta : undefined,
    version: counted === undefined ? undefined : parseVersion(counted),
    zeroCopyDisabled: zeroCopy !== undefined && zeroCopy.words[1] !== 'off',
  })
  const { model } = totals
  const warnings = tellWarnings(context, [
    ...logWarnings(sums, merged.notes),
    ...wireWarnings({
      model,
      signatures: totals.signatures,
      bracket: found,
      beside,
      wireCounters: result.wireCounters,
    }),
  ])
  if (context.flags.json) await context.out.json(explainDocument(result, model, lines, warnings))
  else await context.out.write(explainText(result, model))
  const codes: ExitCode[] = [badLines(lines, options.maxBad)]
  if (scan.failures.length > 0) codes.push(EXIT.inputOutput)
  if (found && !found.delta.comparable) codes.push(EXIT.incomparable)
  return worst(codes)
}
