import { type CommandContext, checkOutputs, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import type { FileName } from '@nightshift/tooling/files'
import { displayPath, formatBytes } from '@nightshift/tooling/terminal'
import { openRrd } from '../file/open-rrd.ts'
import { writeOutput } from '../file/write-output.ts'
import { type Architecture, convertRrd, rrdToBytes } from '../format/index.ts'
import { writeXml } from '../xml/index.ts'
import type { ConvertOptions } from './convert.options.ts'
import { fileOperand } from './operands.ts'

/** `rrd-merge convert IN -o OUT`: another architecture, or XML. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: ConvertOptions,
): Promise<number> {
  const { arch, format, output, dryRun } = options
  return convertTo(context, operands, { arch, format, output, dryRun })
}

export interface Conversion {
  readonly arch: Architecture | undefined
  readonly format: 'xml' | 'rrd'
  readonly output: FileName | undefined
  readonly dryRun: true | undefined
}

/** Reads IN, whatever it is, and writes OUT. */
export async function convertTo(
  context: CommandContext,
  [operand]: readonly string[],
  { arch, format, output, dryRun }: Conversion,
): Promise<number> {
  const input = fileOperand(operand as string)
  if (output === undefined) throw new UsageError('-o is missing', { remedy: 'name the file for the result' })
  checkOutputs([['-o', output]], [input])
  const rrd = await openRrd(input, { signal: context.signal })
  const from = rrd.header.architecture
  const converted = arch === undefined || arch === from ? rrd : convertRrd(rrd, arch)
  const { architecture, version } = converted.header
  if (!dryRun)
    writeOutput(
      output,
      format === 'xml' ? writeXml(converted, { precision: 'exact' }) : rrdToBytes(converted),
    )
  const bytes = converted.bytes.length
  if (context.flags.json) {
    await context.out.json({
      input: jsonPath(input),
      output: jsonPath(output),
      format,
      from,
      architecture,
      version,
      dryRun: dryRun === true,
    })
  } else {
    const form = format === 'xml' ? 'XML' : `${architecture}, version ${version}, ${formatBytes(bytes)}`
    await context.out.line(`${dryRun ? 'would write' : 'wrote'} ${displayPath(output)} (${form})`)
  }
  return 0
}
