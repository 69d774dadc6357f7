import type { Command, OptionValues } from '@commander-js/extra-typings'
import type { CommandContext } from './context.ts'

/** A commander command before any option is added. */
export type BareCommand = Command

/** A command that has these options already: for options that several commands share and that come last in their help. */
export type CommandWith<Own extends OptionValues> = Command<[], Own>

/** The options a function adds to a commander command, as commander hands them to an action. */
export type OptionsOf<Add extends (command: BareCommand) => { opts(): object }> = ReturnType<
  ReturnType<Add>['opts']
>

/** What an operand names: completions offer files for the first three, the choices for a list. */
export type OperandKind = 'path' | 'file' | 'folder' | 'text' | 'program' | readonly string[]

export interface OperandDefinition {
  /** As the usage shows it: `OLD`, `IMG`, `NAME`. */
  readonly name: string
  readonly kind: OperandKind
  readonly description?: string
  /** False: it may be left out. Default true. */
  readonly required?: boolean
  /** True: it may be given several times (`OLD [OLD ...]`). At most one operand of a command. */
  readonly repeat?: boolean
}

export interface Example {
  /** What it does, in a few words. */
  readonly what: string
  /** A whole command line. */
  readonly command: string
}

/** An exit code and when it is given. */
export type ExitCode = readonly [code: number, when: string]

/** The chunk of a command: one exported function, `run`. Its number is the exit code; nothing means 0. */
export interface CommandModule<Options> {
  readonly run: (
    context: CommandContext,
    operands: readonly string[],
    options: Options,
  ) => Promise<number | undefined> | Promise<void>
}

export interface CommandDefinition<Options extends object> {
  readonly name: string
  /** One line, without a full stop: what it does. */
  readonly summary: string
  /** A paragraph or more below the summary, for the man page and `--help`. */
  readonly details?: string
  readonly operands: readonly OperandDefinition[]
  /**
   * Set where the words after `--` are another program's command line (`start -- CMD ARGS...`): they come untouched
   * in `context.program`, apart from the operands.
   */
  readonly program?: 'required' | 'optional'
  /** Adds the command's own options; `--json`, `-q` and the like are added to every command by the house. */
  readonly options: (command: BareCommand) => { opts(): Options }
  readonly examples: readonly Example[]
  /** The command's own table where it differs from the tool's. */
  readonly exitCodes?: readonly ExitCode[]
  /** The N of the JSON schema name `<tool>/<command>@N`. Default 1. */
  readonly schemaVersion?: number
  /**
   * What happens when the reader of stdout goes away (`tool | head -1`): `finish` (default) goes on without output
   * and ends with the true exit code, `stop` aborts the context's signal and ends with 0. Streams (dump, rows, a
   * followed log) stop; whatever changes data or whose exit code is a verdict finishes.
   */
  readonly whenOutputCloses?: 'finish' | 'stop'
  /** True: the command sees to SIGINT, SIGTERM and SIGHUP itself (a supervisor that forwards them). */
  readonly ownSignals?: boolean
  /** Loads the command's chunk: `() => import('./commands/merge.ts')`, and nothing else. */
  readonly load: () => Promise<CommandModule<Options>>
}

/** A {@link CommandDefinition} whose types were checked where it was declared. */
export interface DeclaredCommand extends Omit<CommandDefinition<object>, 'load'> {
  readonly load: () => Promise<CommandModule<never>>
}

export interface EnvironmentVariable {
  readonly name: string
  readonly meaning: string
}

export interface ToolDefinition {
  readonly name: string
  readonly version: string
  /** One line, without a full stop: the tool's purpose. */
  readonly summary: string
  /** A paragraph or more, for the man page. */
  readonly details?: string
  /** The command meant where the command line names none. Without it, a command must be named. */
  readonly defaultCommand?: string
  readonly commands: readonly DeclaredCommand[]
  readonly exitCodes: readonly ExitCode[]
  /** Two or three whole command lines, for the tool's own `--help`. */
  readonly examples: readonly Example[]
  readonly environment?: readonly EnvironmentVariable[]
  /** Where the documentation is. */
  readonly homepage: string
  /** Where a bug of the tool is reported. */
  readonly bugs: string
  /** Exit code of a wrong command line. Default 2. */
  readonly usageExitCode?: number
  /**
   * The exit code for an error, by its stable code; undefined: the default, 1. An error's own `exitCode` comes
   * first. Errors in writing to stdout have the code `OUTPUT`.
   */
  readonly exitCodeOf?: (code: string, error: unknown) => number | undefined
}

/** What a run needs to know of its tool. */
export type ToolIdentity = Pick<ToolDefinition, 'name' | 'version' | 'bugs' | 'usageExitCode' | 'exitCodeOf'>

/** What a run needs to know of its command, once the line is understood. */
export type RunnableCommand = Pick<
  DeclaredCommand,
  'name' | 'load' | 'schemaVersion' | 'whenOutputCloses' | 'ownSignals'
>

/** Declares a command; checks that its chunk's `run` takes the very options that `options` adds. */
export function defineCommand<Options extends object>(
  definition: CommandDefinition<Options>,
): DeclaredCommand {
  return definition as unknown as DeclaredCommand
}

/** Declares a tool. What can't be expressed on a command line without surprises is refused when it is first used. */
export function defineTool(definition: ToolDefinition): ToolDefinition {
  return definition
}
