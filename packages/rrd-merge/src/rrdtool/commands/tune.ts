import { isAbsolute } from 'node:path'
import { badArgument, type Caller } from '../caller.ts'
import { ListingReader } from '../parse/listing.ts'
import type { CallOptions, DaemonOptions } from '../types.ts'
import { datesMappedWrites, fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'
import { missingStep, tuneSteps } from './tune-model.ts'
import { requireWords } from './words.ts'

export async function tune(
  caller: Caller,
  file: string,
  args: readonly string[],
  own: DaemonOptions,
  last: CallOptions,
): Promise<void> {
  const call = caller.call({ command: 'tune', file }, own, last)
  requireWords(call, 'args', args)
  if (args.length === 0) throw badArgument(call, 'args is empty: nothing to tune')
  const path = caller.fileWord(call, file)
  const words = ['tune', path, ...args]
  await caller.run(call, words, async ({ send }) => {
    const before = await settledState(path)
    await send(words, new ListingReader())
    const after = await fileState(path)
    // A daemon over TCP may have the file where this process has none.
    if (call.daemon !== undefined && (!isAbsolute(path) || !after)) return
    if (!after) throw unverified(call, 'the file is not there')
    const header = await evidence(call, 'the file is not whole', () => readRrdHeader(path))
    const steps = tuneSteps(args)
    const missing = missingStep(steps, header)
    if (missing) throw unverified(call, missing)
    // A change of structure writes a new file and renames it into place.
    if (steps.some(({ kind }) => kind === 'structure')) {
      if (before?.inode === after.inode) throw unverified(call, 'the file was not replaced')
      return
    }
    // All else writes the header, even where it stays the same.
    if (!hasChanged(before, after) && (await datesMappedWrites(path)))
      throw unverified(call, 'the file did not change')
  })
}
