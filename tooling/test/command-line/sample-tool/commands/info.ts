import { readFileSync } from 'node:fs'
import { type CommandContext, jsonPath } from '../../../../src/command-line/index.ts'
import { displayPath, formatTable, pathOfText } from '../../../../src/terminal/index.ts'
import type { InfoOptions } from '../options.ts'

/** Shows the sizes of files. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: InfoOptions,
): Promise<number | undefined> {
  context.log.debug('reading', { fields: { files: operands.length } })
  if (options.long)
    context.log.warn('long is slow', { code: 'long-slow', fields: { files: operands.length } })
  const files = operands.map((operand) => ({
    path: pathOfText(operand),
    size: readFileSync(pathOfText(operand)).length,
  }))
  if (context.flags.json) {
    await context.out.json({ files: files.map(({ path, size }) => ({ ...jsonPath(path), size })) })
    return undefined
  }
  const rows = files.map(({ path, size }) => [displayPath(path), String(size)])
  await context.out.write(formatTable([{ heading: 'file' }, { heading: 'bytes', align: 'right' }], rows))
  return undefined
}
