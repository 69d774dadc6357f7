import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { commonHeading } from './common-options.ts'
import { isRepeatable } from './values/collect.ts'

/** Options under one heading, in the order they were declared. */
export interface OptionGroup {
  readonly heading: string
  readonly options: readonly Option[]
}

/** The visible options of a command by heading; the common ones last. */
export function optionGroups(parser: CommandUnknownOpts, only?: 'common' | 'own'): OptionGroup[] {
  const groups = new Map<string, Option[]>()
  for (const option of parser.options) {
    if (option.hidden) continue
    const heading = option.helpGroupHeading ?? 'Options:'
    if (only !== undefined && (heading === commonHeading) !== (only === 'common')) continue
    const group = groups.get(heading) ?? []
    group.push(option)
    groups.set(heading, group)
  }
  return [...groups].map(([heading, options]) => ({ heading, options }))
}

/** What an option means, with its choices, default, variable, and whether it may be repeated. */
export function optionMeaning(option: Option): string {
  const notes: string[] = []
  if (option.argChoices && !option.flags.includes('|')) notes.push(option.argChoices.join(', '))
  const standard = defaultText(option)
  if (standard !== undefined) notes.push(`default: ${standard}`)
  if (option.envVar) notes.push(`or ${option.envVar}`)
  if (isRepeatable(option)) notes.push('may be repeated')
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`
}

function defaultText(option: Option): string | undefined {
  if (option.defaultValueDescription !== undefined) return option.defaultValueDescription
  const value: unknown = option.defaultValue
  if (value === undefined || typeof value === 'boolean' || option.negate || Array.isArray(value))
    return undefined
  return String(value)
}
