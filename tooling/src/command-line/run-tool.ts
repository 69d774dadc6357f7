import type { ErrorDescription } from '../errors/describe.ts'
import { UsageError } from '../errors/failure.ts'
import type { Logger } from '../logging/logger.ts'
import type { ToolDefinition } from './definition.ts'
import { failureOf } from './failure-of.ts'
import type { ToolIo } from './io.ts'
import { mistypedCommand, withCommand } from './mistyped-command.ts'
import { type CommandModel, toolModel } from './model.ts'
import { StreamOutput } from './output.ts'
import { type Parsed, parse } from './parse.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { requestedFlags } from './requested-flags.ts'
import { runCommand, schemaName } from './run-command.ts'
import { type Settled, settle } from './settle.ts'
import { suggest } from './suggest.ts'
import { toolUsageLine, usageLine } from './usage.ts'

/**
 * Runs a tool on an argument list and gives its exit code. Everything goes through `io`, so a test can call it with
 * streams of its own; `runProgram` calls it with the process.
 *
 * ```ts
 * // src/cli.ts declares, nothing else
 * export const tool = defineTool({ name: 'rrd-merge', commands: [defineCommand({
 *   name: 'merge', options: addMergeOptions, load: () => import('./commands/merge.ts'), ... })], ... })
 * // src/bin.ts is the entry of dist/cli.cjs
 * runProgram(tool)
 * // src/commands/merge.options.ts: the options, typed by commander; no import but commander's Option and values
 * export const addMergeOptions = (command: BareCommand) =>
 *   command.optionsGroup('What is merged:').option('--from <time>', 'first row time that may change', time)
 * export type MergeOptions = OptionsOf<typeof addMergeOptions>
 * // src/commands/merge.ts: the chunk that only this command loads
 * export async function run(context: CommandContext, operands: readonly string[], options: MergeOptions) { ... }
 * ```
 */
export async function runTool(
  definition: ToolDefinition,
  argv: readonly string[],
  io: ToolIo,
): Promise<number> {
  const model = toolModel(definition)
  const settled = settle(model, argv)
  const reporter = await createReporter(definition, io, requestedFlags(model, settled.command, settled.args))
  let command: CommandModel
  let parsed: Parsed
  try {
    if (settled.request !== 'run') {
      const { answerRequest } = await import('./answer-request.ts')
      return await answerRequest(model, settled, io)
    }
    command = commandOf(definition, settled)
    warnOfFile(definition, settled, io, reporter.log)
    parsed = parse(model, command, settled.args)
  } catch (error) {
    return await refuse(definition, settled, error, reporter, io)
  }
  const told = (error: ErrorDescription) => withCommand(error, mistypedCommand(definition, settled, io))
  return await runCommand({ tool: definition, command: command.definition, parsed, io, reporter, told })
}

function commandOf(definition: ToolDefinition, { command, word }: Settled): CommandModel {
  if (command !== undefined) return command
  const names = definition.commands.map(({ name }) => name)
  if (word === undefined)
    throw new UsageError('no command given', { remedy: `the commands are ${names.join(', ')}` })
  const near = suggest(word, [...names, 'help'])
  throw new UsageError(`unknown command '${word}'`, {
    remedy: near === undefined ? `the commands are ${names.join(', ')}` : `did you mean ${near}?`,
  })
}

/** A word that names a command is the command, whatever lies in the folder: but say how to name the file. */
function warnOfFile(definition: ToolDefinition, { named, word }: Settled, io: ToolIo, log: Logger): void {
  if (!named || word === undefined || definition.defaultCommand === undefined || !io.fileExists(word)) return
  log.warn(`'${word}' is taken for the command, though a file of that name is here`, {
    code: 'command-or-file',
    remedy: `write ./${word} to name the file`,
    fields: { word },
  })
}

/** A command line that can't be run. */
async function refuse(
  definition: ToolDefinition,
  settled: Settled,
  error: unknown,
  reporter: Reporter,
  io: ToolIo,
): Promise<number> {
  const command = settled.command?.definition
  const { description: bare, exitCode } = failureOf(definition, error)
  const description = withCommand(bare, mistypedCommand(definition, settled, io))
  const usage = command === undefined ? toolUsageLine(definition) : usageLine(definition, command)
  const help = `${definition.name}${command === undefined ? '' : ` ${command.name}`} --help`
  reporter.failure(
    { ...description, remedy: description.remedy ?? `see \`${help}\`` },
    description.bug ? undefined : usage,
  )
  if (reporter.flags.json) {
    const schema = command === undefined ? `${definition.name}/error@1` : schemaName(definition, command)
    const out = new StreamOutput(() => io.stdout, { schema, whenClosed: 'finish', onClosed: () => {} })
    await out.json({ error: { code: description.code, message: description.message } })
    await out.flush()
  }
  return exitCode
}
