import type { RunnableCommand, ToolDefinition, ToolIdentity } from './definition.ts'
import type { ToolIo } from './io.ts'
import { createReporter } from './reporter.ts'
import type { RequestedFlags } from './requested-flags.ts'
import { runCommand } from './run-command.ts'

/**
 * What a command line of nothing but operands needs: a command, and the values its options have where none is given.
 * The parser of options and the declarations of all other commands take a third of a start; they are loaded where the
 * line says more, or less.
 */
export interface ShortStart {
  readonly tool: ToolIdentity
  /** The tool's default command; its operands are one name that may be repeated. */
  readonly command: RunnableCommand
  /** Words that aren't operands though no hyphen is before them: the commands' names, and `help`. */
  readonly words: readonly string[]
  /** The options' values of a line without any. A test holds them against the parser's. */
  readonly options: object
  readonly load: () => Promise<{ readonly tool: ToolDefinition }>
}

const NO_FLAGS: RequestedFlags = {
  json: false,
  quiet: false,
  verbose: false,
  debug: false,
  logFormat: 'text',
  color: true,
}

/** As `runTool` on the tool that `start` loads; sooner where the line has operands alone. */
export async function runShort(start: ShortStart, argv: readonly string[], io: ToolIo): Promise<number> {
  if (!isShort(start, argv, io)) {
    const [{ tool }, { runTool }] = await Promise.all([start.load(), import('./run-tool.ts')])
    return await runTool(tool, argv, io)
  }
  const { tool, command, options } = start
  const reporter = await createReporter(tool, io, NO_FLAGS)
  const parsed = { operands: argv, program: undefined, options }
  return await runCommand({ tool, command, parsed, io, reporter, told: (description) => description })
}

/** A first word that names no file could be a mistyped command: only the long way can tell. */
function isShort({ words }: ShortStart, argv: readonly string[], io: ToolIo): boolean {
  const [first] = argv
  return (
    first !== undefined &&
    !argv.some((word) => word.startsWith('-')) &&
    !words.includes(first) &&
    io.fileExists(first)
  )
}
