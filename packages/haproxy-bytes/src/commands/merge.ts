import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { describeError } from '@nightshift/tooling/errors'
import { pathOfText } from '@nightshift/tooling/terminal'
import { HaproxyBytesError } from '../errors.ts'
import { logWarnings } from '../notes/index.ts'
import {
  mergePartials,
  mergeWarnings,
  PartialError,
  type PartialResult,
  parsePartials,
} from '../partial/index.ts'
import { badLines } from '../report/bad-lines.ts'
import type { MergeOptions } from './merge.options.ts'
import { checkForms, tellPartial, tellTotal, tellWarnings } from './tell-total.ts'

/** `haproxy-bytes merge PARTIAL...|-` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: MergeOptions,
): Promise<number> {
  checkForms(context, options, operands)
  const parts: PartialResult[] = []
  for (const operand of operands) {
    context.signal.throwIfAborted()
    parts.push(...partsOf(operand, (await readRows(operand, context)).split('\n')))
  }
  const merged = mergePartials(parts)
  const { keys, settings, totals, notes, counted } = merged
  if (options.partial) await tellPartial(context, { keys, settings, sources: counted })
  else {
    const found = [...logWarnings(totals.totals, notes), ...mergeWarnings(merged)]
    const warnings = tellWarnings(context, found)
    await tellTotal(context, { keys, totals, warnings }, options)
  }
  return badLines(totals.lines, options.maxBad)
}

async function readRows(operand: string, { stdin, signal }: CommandContext): Promise<string> {
  try {
    return operand === '-'
      ? await text(stdin)
      : await readFile(pathOfText(operand), { encoding: 'utf8', signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new HaproxyBytesError('unreadable', operand, describeError(error).message, { cause: error })
  }
}

/** Names the file in what is wrong with it. */
function partsOf(path: string, rows: readonly string[]): PartialResult[] {
  try {
    return parsePartials(rows)
  } catch (error) {
    throw error instanceof PartialError ? new PartialError(error.code, error.detail, path) : error
  }
}
