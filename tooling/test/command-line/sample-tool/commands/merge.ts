import type { CommandContext } from '../../../../src/command-line/index.ts'
import type { MergeOptions } from '../options.ts'

/** Prints what it was given. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: MergeOptions,
): Promise<number> {
  // These lines compile only if the options keep their types on the way.
  const policy: 'fill' | 'prefer-old' | 'sum' = options.policy
  const from: number | undefined = options.from
  await context.out.json({ operands, policy, from, options, dryRun: options.dryRun === true })
  return 0
}
