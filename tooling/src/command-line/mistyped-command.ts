import type { ErrorDescription } from '../errors/describe.ts'
import type { ToolDefinition } from './definition.ts'
import type { ToolIo } from './io.ts'
import type { Settled } from './settle.ts'
import { suggest } from './suggest.ts'

/** The command that was probably meant by a word that went to the default command, and names no file either. */
export function mistypedCommand(
  { commands, defaultCommand }: ToolDefinition,
  { named, word }: Settled,
  io: ToolIo,
): string | undefined {
  if (named || word === undefined || defaultCommand === undefined) return undefined
  const near = suggest(word, [...commands.map(({ name }) => name), 'help'])
  return near === undefined || io.fileExists(word) ? undefined : near
}

/** A failure whose remedy also says which command was probably meant. */
export function withCommand(description: ErrorDescription, meant: string | undefined): ErrorDescription {
  if (meant === undefined || description.bug || description.code === 'ABORTED') return description
  const question = `did you mean the command \`${meant}\`?`
  const { remedy } = description
  return { ...description, remedy: remedy === undefined ? question : `${remedy}; ${question}` }
}
