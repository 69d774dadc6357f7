import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ran, run } from '../run.ts'
import type { CodeBlock } from './blocks.ts'

const TSX = join(import.meta.dirname, '../../node_modules/.bin/tsx')

/**
 * Runs a block as a reader would in `cwd`, where the tool is installed: `sh` by bash, which stops at the first
 * command that fails, `js` as a module by node itself, `ts` through tsx. Undefined for languages that are read, not run.
 */
export async function executeBlock(
  { language, code, line }: CodeBlock,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Ran | undefined> {
  if (language === 'sh') return run('bash', ['-euo', 'pipefail', '-c', code], { cwd, env })
  if (language !== 'ts' && language !== 'js') return undefined
  // Beside node_modules, so that the tool resolves by its name.
  const file = join(cwd, `readme-line-${line}.m${language}`)
  writeFileSync(file, code)
  return run(language === 'js' ? process.execPath : TSX, [file], { cwd, env })
}

/**
 * Runs the commands of a `console` block (lines that start with `$ `) in one shell and gives the block as it would
 * read today: each command with what it printed under it, stderr included. Equal to the block's own code where the
 * README tells the truth.
 */
export async function transcript({ code }: CodeBlock, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const commands = code.split('\n').flatMap((line) => (line.startsWith('$ ') ? line.slice(2) : []))
  const script = commands.map((command) => `printf '%s\\n' "$ "${quote(command)}\n${command}\n`).join('')
  const { stdout } = await run('bash', ['-c', `exec 2>&1\n${script}`], { cwd, env })
  return stdout
}

/** One word to a shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
