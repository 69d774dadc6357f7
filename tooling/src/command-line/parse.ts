import { CommanderError } from '@commander-js/extra-typings'
import { UsageError } from '../errors/failure.ts'
import { commonNames } from './common-options.ts'
import type { DeclaredCommand } from './definition.ts'
import { type CommandModel, type ToolModel, takesValueIn } from './model.ts'
import { tokens } from './tokens.ts'

/** A command line, understood. */
export interface Parsed {
  readonly operands: readonly string[]
  /** What stood after `--`, of a command with `program`. */
  readonly program: readonly string[] | undefined
  /** The command's own options by commander's names. */
  readonly options: object
}

/**
 * Lets commander parse the arguments of a settled command, and checks the number of operands.
 *
 * An option given twice: the last one wins, but for those declared with `collect`.
 *
 * @throws UsageError for whatever commander refuses, and for missing or superfluous operands.
 */
export function parse(model: ToolModel, command: CommandModel, args: readonly string[]): Parsed {
  const { definition, parser } = command
  const separator = separatorIndex(model, command, args)
  try {
    parser.parse([...args], { from: 'user' })
  } catch (error) {
    throw error instanceof CommanderError ? usageError(model, command, error) : error
  }
  const afterwards = separator === undefined ? [] : args.slice(separator + 1)
  const asProgram = definition.program !== undefined && separator !== undefined
  const operands = asProgram ? parser.args.slice(0, parser.args.length - afterwards.length) : parser.args
  checkOperands(definition, operands, asProgram ? afterwards : undefined)
  return {
    operands,
    program: asProgram ? afterwards : undefined,
    options: Object.fromEntries(Object.entries(parser.opts()).filter(([name]) => !commonNames.has(name))),
  }
}

/** Where `--` stands, if it does. */
function separatorIndex(
  model: ToolModel,
  command: CommandModel,
  args: readonly string[],
): number | undefined {
  for (const token of tokens(args, takesValueIn(model, command))) {
    if (token.kind === 'option' && token.broken) throw new UsageError(`unknown option '${args[token.index]}'`)
    if (token.kind === 'separator') return token.index
  }
  return undefined
}

function checkOperands(
  command: DeclaredCommand,
  operands: readonly string[],
  program: readonly string[] | undefined,
): void {
  const required = command.operands.filter((operand) => operand.required !== false)
  if (operands.length < required.length) {
    const missing =
      operands.length === 0 ? required.map(({ name }) => name).join(' and ') : required.at(-1)?.name
    throw new UsageError(`missing operand ${missing}`)
  }
  if (command.program === 'required' && (program === undefined || program.length === 0)) {
    throw new UsageError('missing the program to start: it stands after `--`')
  }
  const most = command.operands.some((operand) => operand.repeat)
    ? Number.POSITIVE_INFINITY
    : command.operands.length
  if (operands.length > most) {
    const extra = operands[most] ?? ''
    throw new UsageError(`unexpected operand '${extra}'`, {
      ...(command.program === undefined ? {} : { remedy: 'a program and its arguments stand after `--`' }),
    })
  }
}

/** Commander's `error: unknown option '--jsn'\n(Did you mean --json?)` in the form of this house. */
function usageError(model: ToolModel, command: CommandModel, error: CommanderError): UsageError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1')
  const remedy = suggestion === '' ? ownerOf(model, command, first) : suggestion.replace(/^Did/, 'did')
  return new UsageError(first.replace(/\.$/, ''), { ...(remedy && { remedy }), cause: error })
}

/** An option that other commands know: say which. */
function ownerOf(model: ToolModel, command: CommandModel, message: string): string | undefined {
  const spelling = /^unknown option '(--?[^'=]+)/.exec(message)?.[1]
  if (spelling === undefined) return undefined
  const owners = [...model.commands.values()]
    .filter(({ parser }) =>
      parser.options.some((option) => option.short === spelling || option.long === spelling),
    )
    .map(({ definition }) => `\`${definition.name}\``)
  if (owners.length === 0) return undefined
  return `${spelling} is an option of ${owners.join(', ')}, not of \`${command.definition.name}\``
}
