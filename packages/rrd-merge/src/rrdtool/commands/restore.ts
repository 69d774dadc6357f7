import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../call.ts'
import type { Caller, Context } from '../caller.ts'
import { RrdtoolError } from '../error.ts'
import { SilenceReader } from '../parse/silence.ts'
import { inPrivateFolder, replaceFile, targetOf } from '../replacement.ts'
import type { CallOptions, RestoreOptions } from '../types.ts'
import { fileEnds } from '../verify/complete.ts'
import { fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'

/**
 * With `force` the new file is made beside the old one and moved over it once it is proven: rrdtool itself writes over
 * the old one in place and deletes it if the disk is full (measured with 1.7.2).
 */
export async function restore(
  caller: Caller,
  xmlFile: string,
  file: string,
  own: RestoreOptions,
  last: CallOptions,
): Promise<void> {
  // rrdtool restore knows no daemon.
  const call: Call = { ...caller.call({ command: 'restore', file }, own, last), daemon: undefined }
  const [xml, path] = [caller.localPath(call, xmlFile), caller.localPath(call, file)]
  const words = (output: string, force: boolean) => [
    'restore',
    ...(force ? ['--force-overwrite'] : []),
    ...(own.rangeCheck ? ['--range-check'] : []),
    xml,
    output,
  ]
  const direct = words(path, own.force === true)
  await caller.run(call, direct, async (context) => {
    if (own.force && (await fileState(path))) {
      const target = await targetOf(path)
      const done = await beside(target, async (made) => {
        await write(context, words(made, false), xml, made)
        await evidence(call, `it can't be moved to ${JSON.stringify(file)}`, () => replaceFile(made, target))
      })
      if (done) return
    }
    await write(context, direct, xml, path)
  })
}

/** False where nothing can be made beside the target; in its own place it may still be writable. */
async function beside(target: string, work: (made: string) => Promise<void>): Promise<boolean> {
  try {
    await inPrivateFolder(target, (folder) => work(join(folder, 'restored.rrd')))
    return true
  } catch (cause) {
    if (cause instanceof RrdtoolError) throw cause
    return false
  }
}

async function write(
  { call, send }: Context,
  words: readonly string[],
  xmlFile: string,
  made: string,
): Promise<void> {
  const before = await settledState(made)
  await send(words, new SilenceReader())
  const after = await fileState(made)
  if (!after) throw unverified(call, 'the file is not there')
  const header = await evidence(call, 'the file is not whole', () => readRrdHeader(made))
  if (!hasChanged(before, after)) throw unverified(call, 'the file is the one that was there before')
  const lastUpdate = await lastUpdateOf(xmlFile)
  if (lastUpdate !== undefined && lastUpdate !== header.lastUpdate) {
    throw unverified(call, `the file's last update is ${header.lastUpdate}, the XML's ${lastUpdate}`)
  }
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
