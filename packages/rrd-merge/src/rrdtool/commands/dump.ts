import type { Caller } from '../caller.ts'
import { DumpReader } from '../parse/dump.ts'
import { SilenceReader } from '../parse/silence.ts'
import type { CallOptions, DumpOptions } from '../types.ts'
import { fileEnds } from '../verify/complete.ts'
import { fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { evidence, unverified } from '../verify/unverified.ts'

export async function dump(
  caller: Caller,
  file: string,
  own: DumpOptions,
  last: CallOptions,
): Promise<string | undefined> {
  const call = caller.call({ command: 'dump', file }, own, last)
  const words = ['dump', ...(own.noHeader ? ['--no-header'] : []), caller.fileWord(call, file)]
  const { output } = own
  if (output === undefined)
    return caller.run(call, words, ({ send }) => send(words, new DumpReader(caller.maxOutput)))
  const path = caller.localPath(call, output)
  const toFile = [...words, path]
  return caller.run(call, toFile, async ({ send }) => {
    const before = await settledState(path)
    await send(toFile, new SilenceReader())
    const after = await fileState(path)
    if (!after) throw unverified(call, `${JSON.stringify(output)} is not there`)
    const { tail } = await evidence(call, 'the XML can not be read', () => fileEnds(path))
    if (!tail.toString('latin1').trimEnd().endsWith('</rrd>')) {
      throw unverified(call, `${JSON.stringify(output)} is not whole`)
    }
    if (!hasChanged(before, after)) throw unverified(call, `${JSON.stringify(output)} did not change`)
    return undefined
  })
}
