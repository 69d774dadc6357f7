import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { addCommonOptions, commonTakesValue } from './common-options.ts'
import type { DeclaredCommand, ToolDefinition } from './definition.ts'

/** Whether an option, by one of its spellings, takes a value; undefined for one that nobody knows. */
export type TakesValue = (spelling: string) => boolean | undefined

/** A declared command with its commander command, which is built when it is first needed. */
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
}

/**
 * The commands of a tool. A start builds the commander command of the settled command only, the others where an
 * option stands before the command: with dozens of options each, that is milliseconds.
 */
export function toolModel(definition: ToolDefinition): ToolModel {
  const commands = new Map(definition.commands.map((command) => [command.name, commandModel(command)]))
  const name = definition.defaultCommand
  return { definition, commands, defaultCommand: name === undefined ? undefined : commands.get(name) }
}

/**
 * Looks an option up: among the common ones, then in the command that is known or the default, then in all. A flag
 * has the same arity in every command (`checkTool` sees to that), so the order changes nothing but the time.
 */
export function takesValueIn(model: ToolModel, command = model.defaultCommand): TakesValue {
  const own = command && memo(() => aritiesOf(command))
  const all = memo(() => new Map([...model.commands.values()].flatMap((each) => [...aritiesOf(each)])))
  return (spelling) => commonTakesValue.get(spelling) ?? own?.().get(spelling) ?? all().get(spelling)
}

function commandModel(definition: DeclaredCommand): CommandModel {
  const parser = memo(() => commandParser(definition))
  return {
    definition,
    get parser() {
      return parser()
    },
  }
}

/** A new commander command with the command's own and the common options, own groups first. */
function commandParser(definition: DeclaredCommand): CommandUnknownOpts {
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

function aritiesOf({ parser }: CommandModel): Map<string, boolean> {
  const arities = new Map<string, boolean>()
  for (const { short, long, required } of parser.options) {
    if (short) arities.set(short, required)
    if (long) arities.set(long, required)
  }
  return arities
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
