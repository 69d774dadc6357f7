import { UsageError } from '../errors/failure.ts'
import { streamFacts } from '../terminal/stream-facts.ts'
import { completionShells } from './common-options.ts'
import { commandHelp, toolHelp } from './help.ts'
import type { ToolIo } from './io.ts'
import { type TakesValue, type ToolModel, takesValueIn } from './model.ts'
import { StreamOutput } from './output.ts'
import type { Settled } from './settle.ts'
import { tokens } from './tokens.ts'

/** Answers `--help`, `--version` and `--completion`: these need no operands and win over all else on the line. */
export async function answerRequest(model: ToolModel, settled: Settled, io: ToolIo): Promise<number> {
  const text = await answer(model, settled, io)
  const rest = io.printNow?.(text) ?? text
  if (rest.length === 0) return 0
  const out = new StreamOutput(() => io.stdout, { schema: '', whenClosed: 'finish', onClosed: () => {} })
  await out.write(rest)
  await out.flush()
  return 0
}

async function answer(model: ToolModel, settled: Settled, io: ToolIo): Promise<string> {
  const tool = model.definition
  if (settled.request === 'version') return `${tool.name} ${tool.version}\n`
  if (settled.request === 'completion') return await completion(model, settled)
  const facts = streamFacts(
    io.mayBeTerminal?.() === false ? {} : io.stdout,
    io.env,
    !settled.args.includes('--no-color'),
  )
  if (settled.toolHelp) return toolHelp(model, facts)
  if (settled.command === undefined) throw new UsageError(`unknown command '${settled.word ?? ''}'`)
  return commandHelp(model, settled.command, facts)
}

async function completion(model: ToolModel, { command, args }: Settled): Promise<string> {
  const shell = optionValue('--completion', args, takesValueIn(model, command))
  const { completionScript } = await import('./generate/completion.ts')
  const known = completionShells.find((name) => name === shell)
  if (known !== undefined) return completionScript(model, known)
  throw new UsageError(
    `option '--completion' takes ${completionShells.join(', ')}${shell ? `, not '${shell}'` : ''}`,
  )
}

function optionValue(spelling: string, args: readonly string[], takesValue: TakesValue): string | undefined {
  let value: string | undefined
  for (const token of tokens(args, takesValue)) {
    const word = args[token.index] ?? ''
    if (token.kind === 'value' && token.of === spelling) value = word
    if (token.kind === 'option' && word.startsWith(`${spelling}=`)) value = word.slice(spelling.length + 1)
  }
  return value
}
