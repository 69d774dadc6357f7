import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import type { StreamFacts } from '../terminal/stream-facts.ts'
import type { DeclaredCommand, Example, ExitCode, ToolDefinition } from './definition.ts'
import type { CommandModel, ToolModel } from './model.ts'
import { optionGroups, optionMeaning } from './option-text.ts'
import { toolUsageLine, usageLine } from './usage.ts'
import { entry, paragraph } from './wrap.ts'

/** `tool --help`: purpose, usage, examples, commands, and the default command's options. */
export function toolHelp(model: ToolModel, facts: StreamFacts): string {
  const { definition: tool, defaultCommand } = model
  const only = tool.commands.length === 1
  return page([
    `${tool.name}: ${tool.summary}\n`,
    usage(
      tool,
      defaultCommand ? [usageLine(tool, defaultCommand.definition)] : [],
      only ? [] : [toolUsageLine(tool)],
    ),
    examples(facts, tool.examples),
    only ? '' : commands(facts, tool),
    options(facts, defaultCommand?.parser ?? firstParser(model), defaultCommand ? undefined : 'common'),
    exitCodes(facts, tool.exitCodes),
    only ? '' : `\`${tool.name} help COMMAND\` shows the options of a command.\n`,
    documentation(tool),
  ])
}

/** `tool command --help`. */
export function commandHelp(
  { definition: tool }: ToolModel,
  command: CommandModel,
  facts: StreamFacts,
): string {
  const { definition, parser } = command
  return page([
    `${tool.name} ${definition.name}: ${definition.summary}\n`,
    usage(tool, [usageLine(tool, definition)], []),
    definition.details === undefined ? '' : paragraph(definition.details, width(facts)),
    examples(facts, definition.examples),
    operands(facts, definition),
    options(facts, parser),
    exitCodes(facts, definition.exitCodes ?? tool.exitCodes),
    documentation(tool),
  ])
}

/** A page is never wider than 80 columns: longer lines are hard to read. */
function width({ columns }: StreamFacts): number {
  return Math.max(40, Math.min(80, columns))
}

function page(blocks: readonly string[]): string {
  return blocks.filter(Boolean).join('\n')
}

function usage(tool: ToolDefinition, lines: readonly string[], more: readonly string[]): string {
  const all = [...lines, ...more]
  const text = all.length === 0 ? [toolUsageLine(tool)] : all
  return text.map((line, index) => entry(index === 0 ? 'Usage:' : '', line, 7, 80)).join('')
}

function heading(facts: StreamFacts, text: string): string {
  return `${facts.style('bold', text)}\n`
}

function examples(facts: StreamFacts, list: readonly Example[]): string {
  if (list.length === 0) return ''
  return heading(facts, 'Examples:') + list.map(({ what, command }) => `  # ${what}\n  ${command}\n`).join('')
}

function commands(facts: StreamFacts, tool: ToolDefinition): string {
  const column = Math.max(...tool.commands.map(({ name }) => name.length)) + 4
  const lines = tool.commands.map(({ name, summary }) => {
    const text = name === tool.defaultCommand ? `${summary} (default)` : summary
    return entry(`  ${name}`, text, column, width(facts))
  })
  return heading(facts, 'Commands:') + lines.join('')
}

function operands(facts: StreamFacts, { operands: list }: DeclaredCommand): string {
  const described = list.filter(({ description }) => description !== undefined)
  if (described.length === 0) return ''
  const column = Math.max(...described.map(({ name }) => name.length)) + 4
  const lines = described.map(({ name, description = '' }) =>
    entry(`  ${name}`, description, column, width(facts)),
  )
  return heading(facts, 'Operands:') + lines.join('')
}

function options(facts: StreamFacts, parser: CommandUnknownOpts | undefined, only?: 'common'): string {
  if (parser === undefined) return ''
  const groups = optionGroups(parser, only)
  const longest = Math.max(
    ...groups.flatMap((group) => group.options.map(({ flags }) => flagsText(flags).length)),
  )
  const column = Math.min(30, longest + 4)
  return groups
    .map(({ heading: title, options: list }) => {
      const lines = list.map((option: Option) =>
        entry(`  ${flagsText(option.flags)}`, optionMeaning(option), column, width(facts)),
      )
      return heading(facts, title) + lines.join('')
    })
    .join('\n')
}

/** `-o, --output <file>` as it is, `    --json` aligned below it. */
function flagsText(flags: string): string {
  return flags.startsWith('--') ? `    ${flags}` : flags
}

function exitCodes(facts: StreamFacts, codes: readonly ExitCode[]): string {
  const lines = codes.map(([code, when]) => entry(`  ${String(code).padStart(3)}`, when, 7, width(facts)))
  return heading(facts, 'Exit codes:') + lines.join('')
}

function firstParser(model: ToolModel): CommandUnknownOpts | undefined {
  return model.commands.values().next().value?.parser
}

/** A long address stands on a line of its own: broken it could not be clicked. */
function documentation({ homepage }: ToolDefinition): string {
  const line = `Documentation: ${homepage}`
  return line.length <= 80 ? `${line}\n` : `Documentation:\n  ${homepage}\n`
}
