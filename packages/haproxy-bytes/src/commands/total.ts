import { availableParallelism } from 'node:os'
import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { LogClock } from '../clock/index.ts'
import { logWarnings } from '../notes/index.ts'
import { mergePartials, repeatWarnings } from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import type { ToldWarning } from '../report/total-report.ts'
import { type LineSink, type ScannedLog, type ScanWarning, scanWarningText } from '../scan/index.ts'
import { SharedCounter } from '../threads/index.ts'
import { type Key, keyNamed } from '../totals/index.ts'
import { type LogInput, logInput, scanLogs } from './log-input.ts'
import { checkForms, tellPartial, tellSoFar, tellTotal, tellWarnings } from './tell-total.ts'
import type { TotalOptions } from './total.options.ts'

/** `haproxy-bytes [total] LOG...|-` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: TotalOptions,
): Promise<number> {
  checkForms(context, options, operands)
  if (options.follow && options.shard)
    throw new UsageError('--follow and --shard contradict each other: a log that grows has no equal parts')
  const input = logInput(options)
  const names = options.by === undefined ? [] : options.by.split(',').map((name) => name.trim())
  const keys = keysNamed(names, new LogClock(options.tz, Date.now()))
  const counter = new SharedCounter(keys, input.span, threadsOf(options))
  const shard = options.shard && { shard: options.shard }
  const versions = options.haproxyVersion === undefined ? [] : (await exactWire()).versionWarnings(options)
  const wire = options.exact && new (await exactWire()).ExactWire(keys, input.span, options)
  const settings = settingsOf(input, options)
  const partOf = (logs: readonly ScannedLog[]) => ({ keys: names, settings, sources: counter.sources(logs) })
  const onTick = async (logs: readonly ScannedLog[]): Promise<void> => {
    const { totals } = mergePartials([partOf(logs)])
    await tellSoFar(context, { keys: names, totals, warnings: [] }, options)
  }
  const scan = await scanLogs(
    context,
    operands,
    {
      ...input,
      ...shard,
      // Only what is merged with others has to be known again.
      identify: options.partial === true,
      ...(wire && { asked: wire.asked }),
      ...(options.follow && { follow: { every: options.every, onTick } }),
    },
    wire ? bothSinks(counter, wire) : counter,
  )
  const part = partOf(scan.logs)
  const { totals, notes, repeated } = mergePartials([part])
  if (options.partial) await tellPartial(context, part)
  else {
    const isWhole = !options.follow && !input.span && scan.failures.length === 0
    const sampled =
      isWhole && !wire && options.haproxyVersion === undefined
        ? await (await import('./sampled-warnings.ts')).sampledWarnings(scan.logs, input.formats)
        : []
    const told = tellWarnings(context, [
      ...logWarnings(totals.totals, notes),
      ...(wire ? wire.warnings() : [...versions, ...sampled]),
      ...repeatWarnings(repeated),
    ])
    const warnings = [...scan.warnings.map(asTold), ...told]
    await tellTotal(context, { keys: names, totals, warnings, ...(wire && { wire: wire.report() }) }, options)
  }
  // What ended a run that follows; the totals are told.
  if (options.follow) context.signal.throwIfAborted()
  const codes: ExitCode[] = [badLines(totals.lines, options.maxBad)]
  if (scan.failures.length > 0) codes.push(EXIT.inputOutput)
  return worst(codes)
}

/** The model of the wire is a sixth of what a run loads: a span of time does without. */
const exactWire = () => import('./exact-wire.ts')

/** By itself it takes some of a machine's cores: it is there for other work. */
const MOST_THREADS = 4

/** A partial result has a source for each part of a log: it is the same on every machine, unless threads are asked for. */
const threadsOf = ({ threads, partial, since, until }: TotalOptions): number =>
  threads ?? (partial || since || until ? 1 : Math.min(availableParallelism(), MOST_THREADS))

const bothSinks = (one: LineSink, other: LineSink): LineSink => ({
  line: (reading, line) => {
    one.line(reading, line)
    other.line(reading, line)
  },
})

/** What was told on stderr while logs were read. */
function asTold(warning: ScanWarning): ToldWarning {
  const { code, ...fields } = warning
  return { code, message: scanWarningText(warning), fields }
}

/** All that changes what is counted. */
function settingsOf({ formats, zone, span }: LogInput, { format, config }: TotalOptions) {
  return {
    format: config === undefined ? format : formats.map(({ text }) => text).join('\n'),
    tz: zone.name,
    since: String(span?.since ?? ''),
    until: String(span?.until ?? ''),
  }
}

function keysNamed(names: readonly string[], clock: LogClock): Key[] {
  return names.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new UsageError(`--by: there is no key ${name}`)
    return key
  })
}
