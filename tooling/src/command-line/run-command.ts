import type { ErrorDescription } from '../errors/describe.ts'
import type { CommandContext } from './context.ts'
import type { RunnableCommand, ToolIdentity } from './definition.ts'
import { failureOf } from './failure-of.ts'
import type { ToolIo } from './io.ts'
import { OutputClosed, StreamOutput } from './output.ts'
import type { Parsed } from './parse.ts'
import type { Reporter } from './reporter.ts'

interface CommandRun {
  readonly tool: ToolIdentity
  readonly command: RunnableCommand
  readonly parsed: Parsed
  readonly io: ToolIo
  readonly reporter: Reporter
  /** What is told of a failure. */
  readonly told: (description: ErrorDescription) => ErrorDescription
}

/** Loads the command's chunk, runs it, and gives the exit code. Failures are told on stderr, and in the document. */
export async function runCommand({ tool, command, parsed, io, reporter, told }: CommandRun): Promise<number> {
  const outputClosed = new AbortController()
  const whenClosed = command.whenOutputCloses ?? 'finish'
  const stop = command.ownSignals ? undefined : io.stopSignal?.()
  const out = new StreamOutput(() => io.stdout, {
    schema: schemaName(tool, command),
    whenClosed,
    ...(stop && { signal: stop }),
    ...(io.printNow && io.mayBeTerminal?.(1) === false && { printNow: io.printNow }),
    onClosed: () => {
      if (whenClosed === 'stop') outputClosed.abort(new OutputClosed('the reader of stdout has gone'))
    },
  })
  const context: CommandContext = {
    tool: tool.name,
    command: command.name,
    version: tool.version,
    flags: reporter.flags,
    out,
    log: reporter.log,
    signal: stop ? AbortSignal.any([stop, outputClosed.signal]) : outputClosed.signal,
    progress: reporter.progress,
    get stdout() {
      return reporter.stdout
    },
    get stderr() {
      return reporter.stderr
    },
    get stdin() {
      return io.stdin
    },
    env: io.env,
    program: parsed.program,
  }
  try {
    const { run } = await command.load()
    const code = await run(context, parsed.operands, parsed.options as never)
    await out.flush()
    return code ?? 0
  } catch (error) {
    if (out.closed && whenClosed === 'stop') return 0
    const { description, exitCode } = failureOf(tool, error, stop)
    reporter.failure(told(description))
    await addFailure(out, schemaName(tool, command), reporter, parsed.options, description)
    return exitCode
  } finally {
    reporter.clear()
  }
}

/** The name of the JSON documents of a command: `rrd-merge/merge@1`. */
export function schemaName(tool: Pick<ToolIdentity, 'name'>, command: RunnableCommand): string {
  return `${tool.name}/${command.name}@${command.schemaVersion ?? 1}`
}

/** After a failure the document (or the last row of a stream) carries the error; unless one was printed already. */
async function addFailure(
  out: StreamOutput,
  schema: string,
  reporter: Reporter,
  options: object,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<void> {
  try {
    const error = { code, message }
    if ((options as { ndjson?: boolean }).ndjson === true) await out.ndjson({ schema, error })
    else if (reporter.flags.json && out.wrote === 'nothing') await out.json({ error })
    await out.flush()
  } catch {
    // stdout is what failed: the error on stderr says so already.
  }
}
