import type { Caller } from '../caller.ts'
import type { InfoRecord } from '../info-record.ts'
import { InfoReader } from '../parse/info.ts'
import { LastUpdateReader } from '../parse/lastupdate.ts'
import { SilenceReader } from '../parse/silence.ts'
import { TimeReader } from '../parse/time.ts'
import type { CallOptions, DaemonOptions, FirstOptions, LastUpdate } from '../types.ts'
import { integerOption, option } from './words.ts'

export async function info(
  caller: Caller,
  file: string,
  own: DaemonOptions,
  last: CallOptions,
): Promise<InfoRecord> {
  const call = caller.call({ command: 'info', file }, own, last)
  const words = ['info', caller.fileWord(call, file)]
  return caller.run(call, words, ({ send }) => send(words, new InfoReader()))
}

export async function first(
  caller: Caller,
  file: string,
  own: FirstOptions,
  last: CallOptions,
): Promise<number> {
  const call = caller.call({ command: 'first', file }, own, last)
  const words = ['first', caller.fileWord(call, file), ...integerOption(call, 'rraindex', own.rra, 0)]
  return caller.run(call, words, ({ send }) => send(words, new TimeReader()))
}

export async function lastTime(
  caller: Caller,
  file: string,
  own: DaemonOptions,
  last: CallOptions,
): Promise<number> {
  const call = caller.call({ command: 'last', file }, own, last)
  const words = ['last', caller.fileWord(call, file)]
  return caller.run(call, words, ({ send }) => send(words, new TimeReader()))
}

export async function lastupdate(
  caller: Caller,
  file: string,
  own: DaemonOptions,
  last: CallOptions,
): Promise<LastUpdate> {
  const call = caller.call({ command: 'lastupdate', file }, own, last)
  const words = ['lastupdate', caller.fileWord(call, file)]
  return caller.run(call, words, ({ send }) => send(words, new LastUpdateReader()))
}

/** Asks a daemon to write what it holds of the file; it answers once that is done. */
export async function flushcached(
  caller: Caller,
  file: string,
  own: DaemonOptions,
  last: CallOptions,
): Promise<void> {
  const call = caller.call({ command: 'flushcached', file }, own, last)
  caller.requireDaemon(call)
  const words = ['flushcached', ...option('daemon', call.daemon), caller.fileWord(call, file)]
  await caller.run(call, words, ({ send }) => send(words, new SilenceReader()))
}
