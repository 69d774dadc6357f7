import type { Caller, Context } from '../caller.ts'
import { FetchReader } from '../parse/fetch.ts'
import type { CallOptions, FetchOptions, Row, Series } from '../types.ts'
import { integerOption, requireName, timeOption } from './words.ts'

export async function fetch(
  caller: Caller,
  file: string,
  own: FetchOptions,
  last: CallOptions,
): Promise<Series> {
  const call = caller.call({ command: 'fetch', file }, own, last)
  requireName(call, 'cf', own.cf)
  const untilNow = [
    'fetch',
    caller.fileWord(call, file),
    own.cf,
    ...timeOption(call, 'start', own.start),
    ...integerOption(call, 'resolution', own.resolution, 1),
    ...(own.alignStart ? ['--align-start'] : []),
  ]
  const words = [...untilNow, ...timeOption(call, 'end', own.end)]
  return caller.run(call, words, async (context) => {
    const { names, rows } = await context.send(words, new FetchReader())
    const first = rows[0] as Row
    const last = rows[rows.length - 1] as Row
    const step = rows.length > 1 ? (rows[1] as Row).time - first.time : await stepOf(context, untilNow, first)
    return { start: first.time - step, end: last.time, step, names, rows }
  })
}

/**
 * A single row doesn't tell how much it covers. The same question up to that row's own time answers with a row more,
 * and from the same archive: which one rrdtool takes depends on the start, and where no archive reaches back that far
 * on what the candidates miss of it (rrd_fetch.c), never on the end alone.
 */
async function stepOf({ send }: Context, words: readonly string[], row: Row): Promise<number> {
  const { rows } = await send([...words, `--end=${row.time}`], new FetchReader())
  const next = rows.find(({ time }) => time > row.time)
  return next === undefined ? 0 : next.time - row.time
}
