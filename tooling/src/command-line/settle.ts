import type { CommandModel, ToolModel } from './model.ts'
import { type Token, tokens } from './tokens.ts'

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
  const found = tokens(argv, model.takesValue)
  const first = found.find((token) => token.kind === 'operand')
  const word = first === undefined ? undefined : argv[first.index]
  const isHelp = word === 'help'
  const namedCommand = word === undefined ? undefined : model.commands.get(word)
  const named = isHelp || namedCommand !== undefined
  const args = named ? argv.filter((_, index) => index !== first?.index) : [...argv]
  const request = isHelp ? 'help' : requested(found)
  if (isHelp) return helpRequest(model, found, argv, args)
  return {
    command: namedCommand ?? model.defaultCommand,
    word,
    named,
    args,
    request,
    toolHelp: namedCommand === undefined,
  }
}

/** `help` is the tool's help, `help merge` that command's. */
function helpRequest(
  model: ToolModel,
  found: readonly Token[],
  argv: readonly string[],
  args: readonly string[],
): Settled {
  const topic = found.filter((token) => token.kind === 'operand')[1]
  const word = topic === undefined ? undefined : argv[topic.index]
  const command = word === undefined ? model.defaultCommand : model.commands.get(word)
  return { command, word, named: true, args, request: 'help', toolHelp: word === undefined }
}

function requested(found: readonly Token[]): Settled['request'] {
  const spellings = new Set(found.flatMap((token) => (token.kind === 'option' ? token.spellings : [])))
  if (spellings.has('-h') || spellings.has('--help')) return 'help'
  if (spellings.has('-V') || spellings.has('--version')) return 'version'
  return spellings.has('--completion') ? 'completion' : 'run'
}
