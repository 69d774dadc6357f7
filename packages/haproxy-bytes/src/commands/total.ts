import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { LogClock } from '../clock/index.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { totalDocument } from '../report/total-document.ts'
import { totalText } from '../report/total-text.ts'
import { type Key, keyNamed, Totals } from '../totals/index.ts'
import { latin1, type Reading } from '../transfer/index.ts'
import { logInput, scanLogs } from './log-input.ts'
import type { TotalOptions } from './total.options.ts'

/** `haproxy-bytes [total] LOG...|-` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: TotalOptions,
): Promise<number> {
  const input = logInput(options)
  const names = options.by === undefined ? [] : options.by.split(',').map((name) => name.trim())
  const totals = new Totals(keysNamed(names, new LogClock(options.tz, Date.now())), input.span)
  const codes: ExitCode[] = []
  const { failures } = await scanLogs(context, operands, input, {
    line: (reading, { bytes }) => totals.add(reading, hostOf(reading, bytes)),
  })
  if (failures.length > 0) codes.push(EXIT.inputOutput)
  const result = totals.result()
  if (result.lines.unparsed + result.lines.truncated > options.maxBad) codes.push(EXIT.unparsed)
  if (context.flags.json) await context.out.json(totalDocument(names, result))
  else await context.out.write(totalText(names, result))
  return worst(codes)
}

function keysNamed(names: readonly string[], clock: LogClock): Key[] {
  return names.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new UsageError(`--by: there is no key ${name}`)
    return key
  })
}

/** The host that syslog put before a line. */
function hostOf(reading: Reading, bytes: Uint8Array): string | undefined {
  if (reading.kind !== 'transfer' || reading.envelope.host === undefined) return undefined
  return latin1(bytes, ...reading.envelope.host)
}
