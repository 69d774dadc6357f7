import type { Option } from '@commander-js/extra-typings'
import type { DeclaredCommand, ToolDefinition } from './definition.ts'
import { type ToolModel, toolModel } from './model.ts'

/**
 * Refuses a definition that could surprise on a command line: optional or variadic values (they swallow operands);
 * one flag that takes a value in one command and none in another (before the command is known nobody could say what
 * the next word is); `-n` for anything but `--dry-run`; digits as flags (`-1` is a number); a second repeated operand;
 * a command called `help`. The man page, README and completions are made only of what passes, so a build finds it.
 *
 * @throws TypeError that names the fault
 */
export function checkTool(definition: ToolDefinition): ToolModel {
  const model = toolModel(definition)
  const arities = new Map<string, boolean>()
  const names = definition.commands.map(({ name }) => name)
  for (const name of names) {
    if (name === 'help' || names.indexOf(name) !== names.lastIndexOf(name))
      refuse(`command name \`${name}\` is taken`)
  }
  if (definition.defaultCommand !== undefined && model.defaultCommand === undefined) {
    refuse(`default command \`${definition.defaultCommand}\` is not declared`)
  }
  for (const { definition: command, parser } of model.commands.values()) {
    for (const option of parser.options) checkOption(option, arities)
    checkOperands(command)
  }
  return model
}

function checkOption(option: Option, arities: Map<string, boolean>): void {
  if (option.optional) refuse(`option \`${option.flags}\` takes an optional value`)
  if (option.variadic) refuse(`option \`${option.flags}\` takes a variadic value`)
  if (option.short === '-n' && option.long !== '--dry-run') refuse('`-n` means `--dry-run` and nothing else')
  if (option.short && !/^-[A-Za-z]$/.test(option.short))
    refuse(`short option \`${option.short}\` is not a letter`)
  for (const spelling of [option.short, option.long]) {
    if (!spelling) continue
    if ((arities.get(spelling) ?? option.required) !== option.required) {
      refuse(`\`${spelling}\` takes a value in one command and none in another`)
    }
    arities.set(spelling, option.required)
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
