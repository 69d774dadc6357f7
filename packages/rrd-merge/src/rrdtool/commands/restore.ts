import { stat } from 'node:fs/promises'
import type { Caller } from '../caller.ts'
import { SilenceReader } from '../parse/silence.ts'
import type { CallOptions, RestoreOptions } from '../types.ts'
import { fileEnds } from '../verify/complete.ts'
import { fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'

export async function restore(
  caller: Caller,
  xmlFile: string,
  file: string,
  own: RestoreOptions,
  last: CallOptions,
): Promise<void> {
  const call = caller.call({ command: 'restore', file }, own, last)
  const words = [
    'restore',
    ...(own.force ? ['--force-overwrite'] : []),
    ...(own.rangeCheck ? ['--range-check'] : []),
    caller.fileWord(call, xmlFile),
    caller.fileWord(call, file),
  ]
  // rrdtool restore knows no daemon; the file is written here whatever else was asked for.
  await caller.run({ ...call, daemon: undefined }, words, async ({ send }) => {
    const before = await settledState(file)
    await send(words, new SilenceReader())
    const after = await fileState(file)
    if (!after) throw unverified(call, 'the file is not there')
    const header = await evidence(call, 'the file is not whole', () => readRrdHeader(file))
    if (!hasChanged(before, after)) throw unverified(call, 'the file is the one that was there before')
    const lastUpdate = await lastUpdateOf(xmlFile)
    if (lastUpdate !== undefined && lastUpdate !== header.lastUpdate) {
      throw unverified(call, `the file's last update is ${header.lastUpdate}, the XML's ${lastUpdate}`)
    }
  })
}

/** The XML's `<lastupdate>`, which stands among its first lines. */
async function lastUpdateOf(xmlFile: string): Promise<number | undefined> {
  try {
    // A fifo, say, can be read only once.
    if (!(await stat(xmlFile)).isFile()) return undefined
    const { head } = await fileEnds(xmlFile, 4096)
    const found = /<lastupdate>\s*(\d{1,15})\s*</.exec(head.toString('latin1'))
    return found ? Number(found[1]) : undefined
  } catch {
    return undefined
  }
}
