import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { checkTool } from '../check-tool.ts'
import type { Example, ExitCode, ToolDefinition } from '../definition.ts'
import type { CommandModel } from '../model.ts'
import { optionGroups, optionMeaning } from '../option-text.ts'
import { operandsUsage } from '../usage.ts'

/**
 * The man page, in section 1, in the macros of man(7). It has no date: the same definition gives the same bytes.
 */
export function manPage(tool: ToolDefinition): string {
  const model = checkTool(tool)
  const commands = [...model.commands.values()]
  const [first] = commands
  return [
    `.TH ${argument(tool.name.toUpperCase())} 1 "" ${argument(`${tool.name} ${tool.version}`)} "User Commands"`,
    // Neither hyphenated nor stretched: options and paths must be found as they are written.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${roff(tool.name)} \\- ${roff(tool.summary)}`,
    '.SH SYNOPSIS',
    commands.map((command) => synopsis(tool, command)).join('\n.br\n'),
    '.SH DESCRIPTION',
    paragraphs(tool.details ?? sentence(tool.summary)),
    ...examples(tool.examples, '.SH EXAMPLES'),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandSection(tool, command)),
    '.SH COMMON OPTIONS',
    ...(first === undefined ? [] : optionList(first.parser, 'common')),
    'An option given twice has its last value, but for those that may be repeated.',
    'Words after \\fB\\-\\-\\fR are never options.',
    '.SH EXIT STATUS',
    ...exitCodes(tool.exitCodes),
    ...environment(tool),
    '.SH REPORTING BUGS',
    link(tool.bugs),
    '.SH SEE ALSO',
    link(tool.homepage),
    '',
  ].join('\n')
}

function synopsis(tool: ToolDefinition, { definition }: CommandModel): string {
  const name = `\\fB${roff(definition.name)}\\fR`
  const command = definition.name === tool.defaultCommand ? `[${name}]` : name
  return `\\fB${roff(tool.name)}\\fR ${command} [\\fIoptions\\fR] ${roff(operandsUsage(definition))}`.trimEnd()
}

function commandSection(tool: ToolDefinition, command: CommandModel): string[] {
  const { definition, parser } = command
  const operands = definition.operands.flatMap(({ name, description }) =>
    description === undefined ? [] : ['.TP', `\\fI${roff(name)}\\fR`, roff(sentence(description))],
  )
  return [
    `.SS ${argument(definition.name)}`,
    synopsis(tool, command),
    '.PP',
    `${roff(sentence(definition.summary))}`,
    ...(definition.details === undefined ? [] : ['.PP', paragraphs(definition.details)]),
    ...operands,
    ...optionList(parser, 'own'),
    ...examples(definition.examples, '.PP\nExamples:'),
    ...(definition.exitCodes === undefined
      ? []
      : ['.PP', 'Exit status:', ...exitCodes(definition.exitCodes)]),
  ]
}

function optionList(parser: CommandUnknownOpts, which: 'common' | 'own'): string[] {
  return optionGroups(parser, which).flatMap(({ heading, options }) => [
    ...(which === 'own' ? ['.PP', `\\fI${roff(heading)}\\fR`] : []),
    ...options.flatMap((option) => ['.TP', optionFlags(option), roff(sentence(optionMeaning(option)))]),
    '.PP',
  ])
}

/** `-o, --output <file>` as **-o**, **--output** *file*. */
function optionFlags(option: Option): string {
  return option.flags
    .split(/,? +/)
    .map((part) =>
      part.startsWith('-') ? `\\fB${roff(part)}\\fR` : `\\fI${roff(part.replace(/^<|>$/g, ''))}\\fR`,
    )
    .join(' ')
    .replace('\\fR \\fB', '\\fR, \\fB')
}

function examples(list: readonly Example[], heading: string): string[] {
  if (list.length === 0) return []
  const each = list.flatMap(({ what, command }) => [
    '.PP',
    roff(`${sentence(what).replace(/\.$/, '')}:`),
    '.PP',
    '.nf',
    '.RS 4',
    roff(command),
    '.RE',
    '.fi',
  ])
  return [heading, ...each, '.PP']
}

function exitCodes(codes: readonly ExitCode[]): string[] {
  return [...codes.flatMap(([code, when]) => ['.TP', `\\fB${code}\\fR`, roff(sentence(when))]), '.PP']
}

function environment(tool: ToolDefinition): string[] {
  const own = tool.environment ?? []
  const all = [
    ...own,
    { name: 'NO_COLOR, FORCE_COLOR', meaning: 'turn colour off and on; TERM=dumb turns it off too' },
  ]
  return [
    '.SH ENVIRONMENT',
    ...all.flatMap(({ name, meaning }) => ['.TP', `\\fB${roff(name)}\\fR`, roff(sentence(meaning))]),
  ]
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(first) ? first : `${first}.`
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((part) => roff(part.replace(/\s+/g, ' ')))
    .join('\n.PP\n')
}

/** Text for roff: backslashes and hyphens kept, no line begins with a control character. */
function roff(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
  const whole = escaped.replaceAll('~', '\\(ti').replace(/[^\u0020-\u007e\n]/gu, roffCharacter)
  return whole.replace(/^(?=[.'])/gm, '\\&')
}

/** An address, which may go on in the next line after a slash: without hyphenation it has no other place to. */
function link(address: string): string {
  return roff(address).replaceAll('/', '/\\:')
}

function roffCharacter(character: string): string {
  return `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}

function argument(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`
}
