import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type CommandContext, parseTime, UsageError } from '@nightshift/tooling/command-line'
import { describeError } from '@nightshift/tooling/errors'
import { LogClock, type Zone } from '../clock/index.ts'
import { HaproxyBytesError } from '../errors.ts'
import { LineSplitter } from '../lines/index.ts'
import { EXIT, type ExitCode, worst } from '../report/exit-code.ts'
import { totalDocument } from '../report/total-document.ts'
import { totalText } from '../report/total-text.ts'
import { openLog } from '../source/index.ts'
import { type Key, keyNamed, Totals } from '../totals/index.ts'
import { LineReader } from '../transfer/index.ts'
import { chosenFormats } from './log-formats.ts'
import type { TotalOptions } from './total.options.ts'

/** `haproxy-bytes [total] LOG...|-` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: TotalOptions,
): Promise<number> {
  const formats = chosenFormats(options)
  const window = {
    since: timeOption(options.since, '--since', options.tz),
    until: timeOption(options.until, '--until', options.tz),
  }
  const names = options.by === undefined ? [] : options.by.split(',').map((name) => name.trim())
  const clockAt = (modified: number): LogClock => new LogClock(options.tz, modified)
  const keys = keysNamed(names, clockAt(Date.now()))
  const totals = new Totals(keys, window)
  const codes: ExitCode[] = []
  for (const operand of operands) {
    context.signal.throwIfAborted()
    const opened =
      operand === '-'
        ? { chunks: context.stdin as Readable, modified: Date.now() }
        : await open(operand, context)
    const clock = clockAt(opened.modified)
    const reader = new LineReader(formats, (written) => clock.instant(written))
    const splitter = new LineSplitter({
      line: (bytes, from, to) => totals.add(reader.read(bytes, from, to)),
    })
    for await (const chunk of opened.chunks) {
      context.signal.throwIfAborted()
      splitter.write(chunk as Uint8Array)
    }
    splitter.end()
  }
  const result = totals.result()
  if (result.lines.unparsed + result.lines.truncated > options.maxBad) codes.push(EXIT.unparsed)
  if (context.flags.json) await context.out.json(totalDocument(names, result))
  else await context.out.write(totalText(names, result))
  return worst(codes)
}

async function open(operand: string, { signal }: CommandContext) {
  try {
    if (statSync(operand).isDirectory())
      throw new UsageError(`${operand} is a folder`, { remedy: 'name its logs' })
    return await openLog(operand, signal)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new HaproxyBytesError('unreadable', operand, describeError(error).message, {
      cause: error,
      ...((error as NodeJS.ErrnoException).code === 'EACCES' && {
        remedy: 'logs belong to the group adm as a rule',
      }),
    })
  }
}

function keysNamed(names: readonly string[], clock: LogClock): Key[] {
  return names.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new UsageError(`--by: there is no key ${name}`)
    return key
  })
}

/** Milliseconds of UTC. */
function timeOption(text: string | undefined, option: string, zone: Zone): number | undefined {
  if (text === undefined) return undefined
  const local = (seconds: number): number => (zone.instantsOf(seconds * 1000)[0] as number) / 1000
  const seconds = parseTime(text, { local })
  if (seconds === undefined)
    throw new UsageError(`${option}: ${text} is no time`, {
      remedy: 'write 2026-11-21T10:00, @1795255200 or now-1h',
    })
  return seconds * 1000
}
