import { type CommandModel, type ToolModel, takesValueIn } from './model.ts'
import { tokens } from './tokens.ts'

/** What the command line asks for, before any option is looked at closely. */
export interface Settled {
  /** Undefined: none was named, or the word names none, and the tool has no default command. */
  readonly command: CommandModel | undefined
  /** The word that named the command, or that should have. */
  readonly word: string | undefined
  /** True where that word names the command (or is `help`): it is no operand then. */
  readonly named: boolean
  /** The arguments without the word that named the command. */
  readonly args: readonly string[]
  /** What is asked for instead of the command's work. The first of these wins, in this order. */
  readonly request: 'help' | 'version' | 'completion' | 'run'
  /** The help asked for is the tool's, not one command's. */
  readonly toolHelp: boolean
}

/**
 * Decides the command before commander runs: the first word that is neither an option nor an option's value, and
 * stands before any `--`, is the command if it names one; otherwise the default command is meant. Commander's own
 * default command is not used: it sends `--json info x` to the default, takes an operand after `--` for a command,
 * and hides the default command's options from `--help`.
 */
export function settle(model: ToolModel, argv: readonly string[]): Settled {
  const first = firstWord(model, argv)
  const word = first === undefined ? undefined : argv[first]
  if (word === 'help') return helpRequest(model, argv.toSpliced(first ?? 0, 1))
  const namedCommand = word === undefined ? undefined : model.commands.get(word)
  const command = namedCommand ?? model.defaultCommand
  const args = namedCommand === undefined ? [...argv] : argv.toSpliced(first ?? 0, 1)
  return {
    command,
    word,
    named: namedCommand !== undefined,
    args,
    request: requested(model, args, command),
    toolHelp: namedCommand === undefined,
  }
}

function firstWord(model: ToolModel, args: readonly string[]): number | undefined {
  for (const token of tokens(args, takesValueIn(model))) if (token.kind === 'operand') return token.index
  return undefined
}

/** `help` is the tool's help, `help merge` that command's. */
function helpRequest(model: ToolModel, args: readonly string[]): Settled {
  const topic = firstWord(model, args)
  const word = topic === undefined ? undefined : args[topic]
  const command = word === undefined ? model.defaultCommand : model.commands.get(word)
  return { command, word, named: true, args, request: 'help', toolHelp: word === undefined }
}

function requested(
  model: ToolModel,
  args: readonly string[],
  command: CommandModel | undefined,
): Settled['request'] {
  const spellings = new Set<string>()
  for (const token of tokens(args, takesValueIn(model, command))) {
    if (token.kind === 'option') for (const spelling of token.spellings) spellings.add(spelling)
  }
  if (spellings.has('-h') || spellings.has('--help')) return 'help'
  if (spellings.has('-V') || spellings.has('--version')) return 'version'
  return spellings.has('--completion') ? 'completion' : 'run'
}
