import { type CommandContext, checkOutputs, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import { openRrd } from '../file/open-rrd.ts'
import { writeOutput } from '../file/write-output.ts'
import { writeXml } from '../xml/index.ts'
import type { DumpOptions } from './convert.options.ts'
import { fileOperand } from './operands.ts'

/** `rrd-merge dump IN [-o OUT]`: the XML of rrdtool dump, of files of any architecture. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  { output, precision }: DumpOptions,
): Promise<number> {
  if (context.flags.json && output === undefined) {
    throw new UsageError('--json and the XML would both go to standard output', {
      remedy: 'write the XML to a file, with -o FILE, or leave --json out',
    })
  }
  const input = fileOperand(operands[0] as string)
  checkOutputs([['-o', output]], [input])
  const xml = writeXml(await openRrd(input, { signal: context.signal }), { precision })
  if (output === undefined) {
    for (const text of xml) await context.out.write(text)
    return 0
  }
  writeOutput(output, xml)
  if (context.flags.json) await context.out.json({ input: jsonPath(input), output: jsonPath(output) })
  return 0
}
