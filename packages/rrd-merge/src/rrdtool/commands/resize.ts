import { join } from 'node:path'
import type { Call } from '../call.ts'
import { badArgument, type Caller } from '../caller.ts'
import { RrdtoolError } from '../error.ts'
import { SilenceReader } from '../parse/silence.ts'
import { inPrivateFolder, replaceFile, targetOf } from '../replacement.ts'
import type { CallOptions, ResizeOptions } from '../types.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'
import { integer } from './words.ts'

/** rrdtool resize writes this name into its working folder, over whatever is there. */
const RESULT = 'resize.rrd'

/**
 * The result is made in a folder of its own beside the output and renamed into place, so the output is there whole or
 * not at all, and nothing is ever written into the working folder. A process of its own, since the working folder of
 * `rrdtool -` is shared by all its calls.
 */
export async function resize(
  caller: Caller,
  file: string,
  own: ResizeOptions,
  last: CallOptions,
): Promise<void> {
  const call: Call = { ...caller.call({ command: 'resize', file }, own, last), daemon: undefined }
  const { rra, grow, shrink, output } = own
  if ((grow === undefined) === (shrink === undefined))
    throw badArgument(call, 'either grow or shrink must be given')
  if (typeof output !== 'string' || output === '')
    throw badArgument(call, 'output must name the file to write')
  const rows = integer(call, grow === undefined ? 'shrink' : 'grow', (grow ?? shrink) as number, 1)
  const [source, goal] = [caller.localPath(call, file), caller.localPath(call, output)]
  const words = [
    'resize',
    source,
    String(integer(call, 'rra', rra, 0)),
    grow === undefined ? 'SHRINK' : 'GROW',
    String(rows),
  ]
  await caller.runAlone(call, [...words, goal], async (send) => {
    const target = await targetOf(goal)
    const make = async (folder: string) => {
      await send(words, new SilenceReader(), folder)
      const result = join(folder, RESULT)
      await verify(call, source, result, rra, grow === undefined ? -rows : rows)
      await evidence(call, `it can't be moved to ${JSON.stringify(output)}`, () =>
        replaceFile(result, target),
      )
    }
    await inPrivateFolder(target, make).catch((cause) => {
      if (cause instanceof RrdtoolError) throw cause
      throw badArgument(call, `nothing can be written beside ${JSON.stringify(output)} (${cause.message})`)
    })
  })
}

async function verify(call: Call, source: string, result: string, rra: number, by: number): Promise<void> {
  const made = await evidence(call, 'its result is not whole', () => readRrdHeader(result))
  const from = await evidence(call, 'the file can not be read', () => readRrdHeader(source))
  from.archives.forEach(({ rowCount }, i) => {
    const expected = i === rra ? rowCount + by : rowCount
    const found = made.archives[i]?.rowCount
    if (found !== expected)
      throw unverified(call, `archive ${i} of its result has ${found} rows, not ${expected}`)
  })
}
