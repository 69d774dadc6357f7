import type { Option } from '@commander-js/extra-typings'
import { checkTool } from '../check-tool.ts'
import type { OperandKind } from '../definition.ts'
import type { CommandModel, ToolModel } from '../model.ts'
import { completionOf } from '../values/path.ts'

/** What a shell offers for a value: one of a list, a file, a folder, or nothing. */
export type Offer = readonly string[] | 'file' | 'folder' | 'nothing'

export interface OptionCompletion {
  readonly short: string | undefined
  readonly long: string | undefined
  readonly description: string
  /** Undefined: it takes no value. */
  readonly value: Offer | undefined
}

export interface CommandCompletion {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionCompletion[]
  /** What is offered for an operand; several kinds are joined. */
  readonly operands: Offer
  /** The words after `--` are another command line. */
  readonly program: boolean
}

/** A tool as completions see it. */
export interface CompletionModel {
  readonly tool: string
  /** The tool's name as a shell identifier. */
  readonly identifier: string
  readonly commands: readonly CommandCompletion[]
  readonly defaultCommand: CommandCompletion | undefined
  /** Spellings of all options that take a value. */
  readonly valued: readonly string[]
}

/** Reads the definition as completions need it; hidden options are not offered. */
export function completionModel({ definition }: ToolModel): CompletionModel {
  const model = checkTool(definition)
  const commands = [...model.commands.values()].map(commandCompletion)
  return {
    tool: model.definition.name,
    identifier: `_${model.definition.name.replace(/[^A-Za-z0-9]/g, '_')}`,
    commands,
    defaultCommand: commands.find(({ name }) => name === model.definition.defaultCommand),
    valued: [...new Set(commands.flatMap(valuedSpellings))],
  }
}

function valuedSpellings({ options }: CommandCompletion): string[] {
  return options.filter(({ value }) => value !== undefined).flatMap(spellings)
}

/** The spellings of an option, short first. */
export function spellings({ short, long }: OptionCompletion): string[] {
  return [short, long].filter((spelling) => spelling !== undefined)
}

/** Text in single quotes for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function commandCompletion({ definition, parser }: CommandModel): CommandCompletion {
  return {
    name: definition.name,
    summary: definition.summary,
    options: parser.options.filter((option) => !option.hidden).map(optionCompletion),
    operands: joined(definition.operands.map(({ kind }) => offerOf(kind))),
    program: definition.program !== undefined,
  }
}

function optionCompletion(option: Option): OptionCompletion {
  return {
    short: option.short,
    long: option.long,
    description: option.description,
    value: option.required ? (option.argChoices ?? completionOf(option.parseArg) ?? 'nothing') : undefined,
  }
}

function offerOf(kind: OperandKind): Offer {
  if (kind === 'path' || kind === 'file') return 'file'
  if (kind === 'folder') return 'folder'
  return typeof kind === 'string' ? 'nothing' : kind
}

function joined(offers: readonly Offer[]): Offer {
  const words = offers.flatMap((offer) => (typeof offer === 'string' ? [] : offer))
  if (offers.includes('file')) return 'file'
  if (words.length > 0) return words
  return offers.includes('folder') ? 'folder' : 'nothing'
}
