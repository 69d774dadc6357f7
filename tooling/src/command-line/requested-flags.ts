import type { CommonFlags } from './context.ts'
import { type CommandModel, type ToolModel, takesValueIn } from './model.ts'
import { tokens } from './tokens.ts'

/** The common flags and whether colour is wanted. */
export interface RequestedFlags extends CommonFlags {
  readonly color: boolean
}

/**
 * The common flags of a command line, read before commander looks at it: what is wrong with the line is already told
 * in the form that `--log-format` and `--json` ask for.
 */
export function requestedFlags(
  model: ToolModel,
  command: CommandModel | undefined,
  args: readonly string[],
): RequestedFlags {
  const given = new Set<string>()
  let logFormat: string | undefined
  for (const token of tokens(args, takesValueIn(model, command))) {
    const word = args[token.index] ?? ''
    if (token.kind === 'option') {
      for (const spelling of token.spellings) given.add(spelling)
      if (word.startsWith('--log-format=')) logFormat = word.slice('--log-format='.length)
    }
    if (token.kind === 'value' && token.of === '--log-format') logFormat = word
  }
  const has = (...spellings: string[]): boolean => spellings.some((spelling) => given.has(spelling))
  return {
    json: has('--json'),
    quiet: has('-q', '--quiet'),
    verbose: has('-v', '--verbose', '--debug'),
    debug: has('--debug'),
    logFormat: logFormat === 'json' ? 'json' : 'text',
    color: !has('--no-color'),
  }
}
