import type { Caller } from '../caller.ts'
import { badArgument } from '../caller.ts'
import { SilenceReader } from '../parse/silence.ts'
import type { CallOptions, UpdateOptions } from '../types.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'
import { option, requireWords } from './words.ts'

export async function update(
  caller: Caller,
  file: string,
  args: readonly string[],
  own: UpdateOptions,
  last: CallOptions,
): Promise<void> {
  const call = caller.call({ command: 'update', file }, own, last)
  requireWords(call, 'args', args)
  if (args.length === 0) throw badArgument(call, 'args is empty: no reading')
  const path = caller.fileWord(call, file)
  const words = [
    'update',
    path,
    ...option('template', own.template),
    ...(own.skipPastUpdates ? ['--skip-past-updates'] : []),
    ...args,
  ]
  await caller.run(call, words, async ({ send }) => {
    // What a daemon was told is not in the file yet.
    if (call.daemon !== undefined) return send(words, new SilenceReader())
    const sent = Math.floor(Date.now() / 1000)
    const latest = latestTime(args, sent)
    const before = latest === undefined ? await readRrdHeader(path).catch(() => undefined) : undefined
    await send(words, new SilenceReader())
    const header = await evidence(call, 'the file can not be read', () => readRrdHeader(path))
    if (latest !== undefined && header.lastUpdate < latest) {
      throw unverified(call, `the file's last update is ${header.lastUpdate}, not ${latest}`)
    }
    // A time that only rrdtool can read must still lie after the last one, or be skipped.
    const skips = own.skipPastUpdates || args.some((arg) => /^-s|^--skip/.test(arg))
    if (latest === undefined && !skips && header.lastUpdate <= (before?.lastUpdate ?? -1)) {
      throw unverified(call, `the file's last update still is ${header.lastUpdate}`)
    }
  })
}

/**
 * The latest time the readings claim, in whole seconds: `N` is now, a negative one counts from now. Undefined where only
 * rrdtool can tell (`tomorrow@1`), or all are options.
 */
export function latestTime(args: readonly string[], now: number): number | undefined {
  const times = args.flatMap((reading, i) => {
    // A template may look like a reading: pnp4nagios names its data sources 1, 2, 3.
    if (/^(?:-t|--template)$/.test(args[i - 1] ?? '')) return []
    const [text = ''] = /@/.test(reading) ? [] : reading.split(':', 1)
    if (text === 'N') return [now]
    if (!reading.includes(':') || !/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return []
    const time = Math.floor(Number(text))
    return [time < 0 ? now + time : time]
  })
  return times.length === 0 ? undefined : Math.max(...times)
}
