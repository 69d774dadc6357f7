import type { CommandContext } from '@nightshift/tooling/command-line'
import { hostArchitecture } from '../format/index.ts'
import type { RestoreOptions } from './convert.options.ts'
import { convertTo } from './convert.ts'

/** `rrd-merge restore IN -o OUT`: a binary RRD from a dump, by default of this machine's architecture as rrdtool makes it. */
export function run(
  context: CommandContext,
  operands: readonly string[],
  options: RestoreOptions,
): Promise<number> {
  const { arch = hostArchitecture(), output, dryRun } = options
  return convertTo(context, operands, { arch, format: 'rrd', output, dryRun })
}
