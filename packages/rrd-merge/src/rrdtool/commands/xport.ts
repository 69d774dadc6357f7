import type { Caller } from '../caller.ts'
import { XportReader } from '../parse/xport.ts'
import type { CallOptions, Series, XportOptions } from '../types.ts'
import { integerOption, requireWords, timeOption } from './words.ts'

export async function xport(
  caller: Caller,
  own: XportOptions,
  args: readonly string[],
  last: CallOptions,
): Promise<Series> {
  const call = caller.call({ command: 'xport', file: undefined }, own, last)
  requireWords(call, 'args', args)
  const words = [
    'xport',
    ...timeOption(call, 'start', own.start),
    ...timeOption(call, 'end', own.end),
    ...integerOption(call, 'step', own.step, 1),
    ...integerOption(call, 'maxrows', own.maxrows, 10),
    ...args,
  ]
  return caller.run(call, words, ({ send }) => send(words, new XportReader()))
}
