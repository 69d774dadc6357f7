import type { RrdHeader } from '../../format/index.ts'
import type { Caller } from '../caller.ts'
import { badArgument } from '../caller.ts'
import { SilenceReader } from '../parse/silence.ts'
import type { CallOptions, CreateOptions } from '../types.ts'
import { fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { readRrdHeader } from '../verify/rrd-file.ts'
import { evidence, unverified } from '../verify/unverified.ts'
import { integerOption, requireWords, timeOption } from './words.ts'

export async function create(
  caller: Caller,
  file: string,
  own: CreateOptions,
  last: CallOptions,
): Promise<void> {
  const call = caller.call({ command: 'create', file }, own, last)
  const { ds = [], rra = [], source = [], template } = own
  requireWords(call, 'ds', ds)
  requireWords(call, 'rra', rra)
  requireWords(call, 'source', source)
  if (ds.length === 0 && template === undefined && source.length === 0)
    throw badArgument(call, 'ds is empty: no data source')
  const path = caller.fileWord(call, file)
  const words = [
    'create',
    path,
    ...integerOption(call, 'step', own.step, 1),
    ...timeOption(call, 'start', own.start),
    ...(own.noOverwrite ? ['--no-overwrite'] : []),
    ...(template === undefined ? [] : [`--template=${caller.fileWord(call, template)}`]),
    ...source.map((name) => `--source=${caller.fileWord(call, name)}`),
    ...ds,
    ...rra,
  ]
  await caller.run(call, words, async ({ send }) => {
    const before = await settledState(path)
    await send(words, new SilenceReader())
    if (call.daemon !== undefined) return
    const after = await fileState(path)
    if (!after) throw unverified(call, 'the file is not there')
    const header = await evidence(call, 'the file is not whole', () => readRrdHeader(path))
    if (!hasChanged(before, after)) throw unverified(call, 'the file is the one that was there before')
    const difference = differs(header, own)
    if (difference) throw unverified(call, difference)
  })
}

/** What of the request the new file does not show. */
function differs(
  header: RrdHeader,
  { step, start, ds = [], rra = [], template, source = [] }: CreateOptions,
): string | undefined {
  if (step !== undefined && header.step !== step) return `the file's step is ${header.step}, not ${step}`
  if (typeof start === 'number' && header.lastUpdate !== start) {
    return `the file's last update is ${header.lastUpdate}, not ${start}`
  }
  if (template !== undefined || source.length > 0) return undefined
  if (header.dataSources.length !== ds.length)
    return `the file has ${header.dataSources.length} data sources, not ${ds.length}`
  // A Holt-Winters archive brings the others it needs.
  if (header.archives.length < rra.length)
    return `the file has ${header.archives.length} archives, not ${rra.length}`
  return undefined
}
