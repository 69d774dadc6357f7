import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { checkTool } from '../check-tool.ts'
import type { ExitCode, ToolDefinition } from '../definition.ts'
import { optionGroups, optionMeaning } from '../option-text.ts'
import { usageLine } from '../usage.ts'

/** The options of every command, the common ones once, and the exit codes, as Markdown. */
export function optionsMarkdown(tool: ToolDefinition): string {
  const commands = [...checkTool(tool).commands.values()]
  const [first] = commands
  const sections = commands.map(({ definition, parser }) =>
    [
      `### \`${usageLine(tool, definition)}\``,
      `${capital(definition.summary)}.`,
      optionTable(parser, 'own'),
      definition.exitCodes === undefined ? '' : exitCodesMarkdown(definition.exitCodes),
    ]
      .filter(Boolean)
      .join('\n\n'),
  )
  const common = first === undefined ? '' : `### Common options\n\n${optionTable(first.parser, 'common')}`
  return `${[...sections, common].join('\n\n')}\n`
}

/** A table of exit codes as Markdown. */
export function exitCodesMarkdown(codes: readonly ExitCode[]): string {
  return ['| Exit | When |', '|---|---|', ...codes.map(([code, when]) => `| ${code} | ${cell(when)} |`)].join(
    '\n',
  )
}

/**
 * The README with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced.
 *
 * @throws TypeError if the markers are missing or in the wrong order
 */
export function replaceBlock(readme: string, name: string, markdown: string): string {
  const begin = `<!-- ${name}:begin -->`
  const end = `<!-- ${name}:end -->`
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end, from)
  if (from < 0 || to < 0) throw new TypeError(`the README has no ${begin} ... ${end}`)
  return `${readme.slice(0, from + begin.length)}\n\n${markdown.trim()}\n\n${readme.slice(to)}`
}

function optionTable(parser: CommandUnknownOpts, which: 'own' | 'common'): string {
  const groups = optionGroups(parser, which)
  if (groups.length === 0) return ''
  return groups
    .map(({ heading, options }) => {
      const title = groups.length > 1 ? `**${heading.replace(/:$/, '')}**\n\n` : ''
      return `${title}| Option | Meaning |\n|---|---|\n${options.map(row).join('\n')}`
    })
    .join('\n\n')
}

function row(option: Option): string {
  return `| \`${option.flags.replaceAll('|', '\\|')}\` | ${cell(optionMeaning(option))} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
