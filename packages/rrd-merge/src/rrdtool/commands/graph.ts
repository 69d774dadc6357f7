import type { Call } from '../call.ts'
import { badArgument, type Caller } from '../caller.ts'
import { EntryReader } from '../parse/info.ts'
import type { CallOptions, GraphOptions, GraphResult } from '../types.ts'
import { whyIncomplete } from '../verify/complete.ts'
import { fileState, hasChanged, settledState } from '../verify/file-state.ts'
import { evidence, unverified } from '../verify/unverified.ts'
import { requireWords, timeOption } from './words.ts'

/**
 * Sent as `graphv`, which draws the same and answers with keys: what a PRINT says can then not be taken for the size,
 * nor a newline in it for another PRINT.
 */
export async function graph(
  caller: Caller,
  file: string,
  own: GraphOptions,
  args: readonly string[],
  last: CallOptions,
): Promise<GraphResult> {
  const call = caller.call({ command: 'graph', file }, own, last)
  requireWords(call, 'args', args)
  const path = caller.localPath(call, file)
  const words = ['graphv', path, ...graphOptions(call, own), ...args]
  return caller.run(call, words, async ({ send }) => {
    const before = await settledState(path)
    const entries = await send(words, new EntryReader())
    const size = (name: string) => {
      const value = entries.get(name)
      return typeof value === 'number' ? value : 0
    }
    const prints = [...entries]
      .filter(([key]) => /^print\[\d+\]$/.test(key))
      .map(([, value]) => String(value))
    const result: GraphResult = { width: size('image_width'), height: size('image_height'), prints }
    // Where there is nothing to draw, rrdtool only prints and makes no file.
    const printsOnly = prints.length > 0 && !entries.has('image_width') && !entries.has('graph_step')
    if (!printsOnly) {
      const after = await fileState(path)
      if (!after) throw unverified(call, 'the file is not there')
      const why = await evidence(call, 'the file can not be read', () => whyIncomplete(path))
      if (why) throw unverified(call, why)
      if (own.lazy !== true && !hasChanged(before, after)) throw unverified(call, 'the file did not change')
    }
    return result
  })
}

const OWN = new Set(['start', 'end', 'daemon', 'signal', 'timeout'])

/** `verticalLabel` and `vertical-label` are both `--vertical-label=`. */
function graphOptions(call: Call, own: GraphOptions): string[] {
  const words = [...timeOption(call, 'start', own.start), ...timeOption(call, 'end', own.end)]
  for (const [key, value] of Object.entries(own)) {
    if (OWN.has(key)) continue
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (!/^[a-z][a-z0-9-]+$/.test(name))
      throw badArgument(call, `${JSON.stringify(key)} is no option of graph`)
    const values: unknown[] = Array.isArray(value) ? value : [value]
    for (const one of values) {
      if (one === undefined || one === false) continue
      if (one === true) words.push(`--${name}`)
      else if (typeof one === 'string' || Number.isFinite(one)) words.push(`--${name}=${one}`)
      else throw badArgument(call, `option ${key} must be a text, a number or a boolean`)
    }
  }
  return words
}
