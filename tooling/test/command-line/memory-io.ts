import { Writable } from 'node:stream'
import { runTool, type ToolDefinition, type ToolIo } from '../../src/command-line/index.ts'

/** What a run left behind. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a tool in this process with streams that keep what is written. */
export async function ran(
  tool: ToolDefinition,
  argv: readonly string[],
  changes: Partial<ToolIo> = {},
): Promise<Ran> {
  const stdout = new Kept()
  const stderr = new Kept()
  const code = await runTool(tool, argv, {
    stdin: process.stdin,
    stdout,
    stderr,
    env: {},
    fileExists: () => false,
    journal: () => false,
    jsonDestination: () => ({ write: (line) => void stderr.write(line) }),
    ...changes,
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

/** A stream that keeps what is written to it. */
export class Kept extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}
