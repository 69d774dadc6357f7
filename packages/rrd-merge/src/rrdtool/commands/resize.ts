import { chmod, chown, mkdtemp, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Call } from '../call.ts'
import { badArgument, type Caller } from '../caller.ts'
import { SilenceReader } from '../parse/silence.ts'
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
  const words = [
    'resize',
    resolve(file),
    String(integer(call, 'rra', rra, 0)),
    grow === undefined ? 'SHRINK' : 'GROW',
    String(rows),
  ]
  await caller.runAlone(call, [...words, output], async (send) => {
    const target = await realpath(output).catch(() => resolve(output))
    const folder = await privateFolder(call, dirname(target))
    try {
      await send(words, new SilenceReader(), folder)
      const result = join(folder, RESULT)
      await verify(call, file, result, rra, grow === undefined ? -rows : rows)
      await evidence(call, `it can't be moved to ${JSON.stringify(output)}`, () => moveInto(result, target))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

async function privateFolder(call: Call, parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, '.rrdtool-resize-'))
  } catch (cause) {
    throw badArgument(
      call,
      `output: nothing can be written in ${JSON.stringify(parent)} (${(cause as Error).message})`,
    )
  }
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

/** An output that was there keeps its mode and owner. */
async function moveInto(result: string, target: string): Promise<void> {
  const old = await stat(target).catch(() => undefined)
  if (old) {
    // Only root can give a file away; anyone else keeps what he made.
    await chown(result, old.uid, old.gid).catch(() => {})
    await chmod(result, old.mode & 0o7777)
  }
  {
    await using made = await open(result, 'r')
    await made.sync()
  }
  await rename(result, target)
}
