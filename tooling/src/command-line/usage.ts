import type { DeclaredCommand, OperandDefinition, ToolDefinition } from './definition.ts'

/** `OLD [OLD ...] NEW`, `FILE...`, `[NAME] -- CMD ARGS...`: the operands as a usage line shows them. */
export function operandsUsage(command: DeclaredCommand): string {
  const parts = command.operands.map((operand, index) =>
    operandUsage(operand, index < command.operands.length - 1),
  )
  if (command.program === 'required') parts.push('-- CMD ARGS...')
  if (command.program === 'optional') parts.push('[-- CMD ARGS...]')
  return parts.join(' ')
}

/** One usage line; the default command's name is in brackets. */
export function usageLine(tool: ToolDefinition, command: DeclaredCommand): string {
  const name = command.name === tool.defaultCommand ? `[${command.name}]` : command.name
  return [tool.name, name, '[options]', operandsUsage(command)].filter(Boolean).join(' ')
}

/** The shortest usage of a tool, where no command can be told. */
export function toolUsageLine(tool: ToolDefinition): string {
  return `${tool.name} ${tool.defaultCommand === undefined ? 'COMMAND' : '[COMMAND]'} [options] [OPERANDS]`
}

function operandUsage({ name, repeat, required = true }: OperandDefinition, more: boolean): string {
  if (!repeat) return required ? name : `[${name}]`
  if (!required) return `[${name}...]`
  return more ? `${name} [${name} ...]` : `${name}...`
}
