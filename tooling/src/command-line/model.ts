import { Command, type CommandUnknownOpts, type Option } from '@commander-js/extra-typings'
import { addCommonOptions } from './common-options.ts'
import type { DeclaredCommand, ToolDefinition } from './definition.ts'

/** A declared command with its commander command. */
export interface CommandModel {
  readonly definition: DeclaredCommand
  /** Parses the command's arguments (without the word that names it). Never runs an action. */
  readonly parser: CommandUnknownOpts
}

/** A tool ready to settle and parse an argument list. */
export interface ToolModel {
  readonly definition: ToolDefinition
  readonly commands: ReadonlyMap<string, CommandModel>
  readonly defaultCommand: CommandModel | undefined
  /** Every option of every command by each of its spellings (`-o`, `--output`): does it take a value? */
  readonly takesValue: ReadonlyMap<string, boolean>
}

/**
 * Builds the commander commands of a tool, and refuses a definition that could surprise on a command line:
 * optional or variadic values (they swallow operands); one flag that takes a value in one command and none in another
 * (before the command is known nobody could say what the next word is); `-n` for anything but `--dry-run`; digits as
 * flags (`-1` is a number); a second repeated operand; a command called `help`.
 */
export function toolModel(definition: ToolDefinition): ToolModel {
  const commands = new Map<string, CommandModel>()
  const takesValue = new Map<string, boolean>()
  for (const command of definition.commands) {
    if (command.name === 'help' || commands.has(command.name))
      refuse(`command name \`${command.name}\` is taken`)
    const parser = commandParser(command)
    for (const option of parser.options) checkOption(option, takesValue)
    checkOperands(command)
    commands.set(command.name, { definition: command, parser })
  }
  const name = definition.defaultCommand
  const defaultCommand = name === undefined ? undefined : commands.get(name)
  if (name !== undefined && defaultCommand === undefined)
    refuse(`default command \`${name}\` is not declared`)
  return { definition, commands, defaultCommand, takesValue }
}

/** A new commander command with the command's own and the common options, own groups first. */
export function commandParser(definition: DeclaredCommand): CommandUnknownOpts {
  const command = new Command(definition.name)
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .allowExcessArguments()
  definition.options(command)
  addCommonOptions(command)
  return command as unknown as CommandUnknownOpts
}

function checkOption(option: Option, takesValue: Map<string, boolean>): void {
  if (option.optional) refuse(`option \`${option.flags}\` takes an optional value`)
  if (option.variadic) refuse(`option \`${option.flags}\` takes a variadic value`)
  if (option.short === '-n' && option.long !== '--dry-run') refuse('`-n` means `--dry-run` and nothing else')
  if (option.short && !/^-[A-Za-z]$/.test(option.short))
    refuse(`short option \`${option.short}\` is not a letter`)
  for (const spelling of [option.short, option.long]) {
    if (!spelling) continue
    const known = takesValue.get(spelling)
    if (known !== undefined && known !== option.required) {
      refuse(`\`${spelling}\` takes a value in one command and none in another`)
    }
    takesValue.set(spelling, option.required)
  }
}

function checkOperands({ name, operands }: DeclaredCommand): void {
  if (operands.filter((operand) => operand.repeat).length > 1) refuse(`\`${name}\` has two repeated operands`)
  const optional = operands.findIndex((operand) => operand.required === false)
  if (optional >= 0 && operands.slice(optional).some((operand) => operand.required !== false)) {
    refuse(`\`${name}\` has a required operand after an optional one`)
  }
}

function refuse(why: string): never {
  throw new TypeError(`tool definition: ${why}`)
}
