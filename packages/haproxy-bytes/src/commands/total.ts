import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { LogClock } from '../clock/index.ts'
import { logWarnings } from '../notes/index.ts'
import { mergePartials, repeatWarnings, SourceCounter } from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import type { ToldWarning } from '../report/total-report.ts'
import { type LineSink, type ScanWarning, scanWarningText } from '../scan/index.ts'
import { type Key, keyNamed } from '../totals/index.ts'
import { ASKED_FIELDS } from '../wire/index.ts'
import { ExactWire, versionWarnings } from './exact-wire.ts'
import { type LogInput, logInput, scanLogs } from './log-input.ts'
import { checkForms, tellPartial, tellTotal, tellWarnings } from './tell-total.ts'
import type { TotalOptions } from './total.options.ts'

/** `haproxy-bytes [total] LOG...|-` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: TotalOptions,
): Promise<number> {
  checkForms(context, options, operands)
  const input = logInput(options)
  const names = options.by === undefined ? [] : options.by.split(',').map((name) => name.trim())
  const keys = keysNamed(names, new LogClock(options.tz, Date.now()))
  const counter = new SourceCounter(keys, input.span)
  const shard = options.shard && { shard: options.shard }
  const versions = versionWarnings(options)
  const wire = options.exact && new ExactWire(keys, input.span, options)
  const scan = await scanLogs(
    context,
    operands,
    { ...input, ...shard, ...(wire && { asked: ASKED_FIELDS }) },
    wire ? bothSinks(counter, wire) : counter,
  )
  const settings = settingsOf(input, options)
  const part = { keys: names, settings, sources: counter.sources(scan.logs) }
  const { totals, notes, repeated } = mergePartials([part])
  if (options.partial) await tellPartial(context, part)
  else {
    const told = tellWarnings(context, [
      ...logWarnings(totals.totals, notes),
      ...(wire ? wire.warnings() : versions),
      ...repeatWarnings(repeated),
    ])
    const warnings = [...scan.warnings.map(asTold), ...told]
    await tellTotal(context, { keys: names, totals, warnings, ...(wire && { wire: wire.report() }) }, options)
  }
  const codes: ExitCode[] = [badLines(totals.lines, options.maxBad)]
  if (scan.failures.length > 0) codes.push(EXIT.inputOutput)
  return worst(codes)
}

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
